/** `npm run search:eval [table]`: asks the built site every question of the table, and prints how it fared. */
import path from 'node:path';
import {
  facetMistake,
  openEngine,
  overall,
  readTable,
  type Score,
  score,
  typosOf,
} from './evaluate.ts';

const root = process.cwd();
const [table = 'tests/search/queries.yaml'] = process.argv.slice(2);
const engine = await openEngine(path.join(root, 'dist'));
const { classes, facets } = await readTable(path.resolve(root, table));

const scores: Score[] = [];
for (const [name, queries] of Object.entries(classes)) {
  scores.push(await score(engine, name, queries));
}
const typos = await score(engine, 'typos', typosOf(classes, 120));

for (const { failures } of [...scores, typos]) {
  for (const { query, expected, got, place } of failures) {
    console.log(
      `${query}\n  expected ${expected.join(' or ')} (at ${place})\n  got ${got.join(', ')}`,
    );
  }
}
const mistakes: string[] = [];
for (const facet of facets) {
  const mistake = facetMistake(facet, await engine.answer(facet.query, {}));
  if (mistake) mistakes.push(mistake);
}
console.log(mistakes.join('\n'));
console.table(
  [...scores, overall(scores), typos].map(({ name, asked, at1, at5, mrr }) => ({
    class: name,
    questions: asked,
    'success@1': at1.toFixed(3),
    'success@5': at5.toFixed(3),
    MRR: mrr.toFixed(3),
  })),
);
console.log(`facets: ${facets.length - mistakes.length} of ${facets.length} right`);
