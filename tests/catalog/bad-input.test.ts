import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildSite } from '../../src/build/build.ts';
import { loadSite } from '../../src/build/load.ts';
import { formatReport, loadCatalog, ReportedProblems } from '../../src/catalog/index.ts';
import { TestProject } from '../support/project.ts';

const today = '2026-02-01';
const store = 'content/catalog/projects/store.yaml';
const log = 'content/catalog/libraries/log-rs.yaml';
const quorum = 'content/catalog/concepts/quorum.yaml';
const sources = 'content/catalog/sources/all.yaml';
const logPage = 'content/docs/libraries/log-rs.mdx';
const storePage = 'content/docs/projects/store.mdx';
const landscape = 'content/snapshots/landscape.json';

/** What is done to the sound project, and the whole report that must come of it. */
interface Case {
  name: string;
  /** Files to write; `undefined` removes one. */
  files?: Record<string, string | Uint8Array | undefined>;
  /** Replacements in a file that is there: file, old text, new text. */
  edits?: [file: string, from: string, to: string][];
  report: string[];
}

const page = (body: string) => `---\ntitle: A page\ndescription: For a test.\n---\n\n${body}\n`;

const cases: Case[] = [
  {
    name: 'YAML that does not parse',
    edits: [[quorum, 'name: Quorum', 'name: "Quorum']],
    report: [
      `${quorum}:4: not valid YAML (Missing closing "quote): correct the syntax at this line or before it`,
    ],
  },
  {
    name: 'an unknown key',
    edits: [[quorum, 'summary:', 'sumary: Wrong.\nsummary:']],
    report: [`${quorum}:2: unknown key 'sumary': remove it, or correct its spelling`],
  },
  {
    name: 'a measurement with a figure that is none',
    files: {
      'content/measurements/bench/build.json': JSON.stringify({
        title: 'Building',
        date: today,
        commit: 'unknown',
        runs: 5,
        machine: { processor: 'one', cores: 2, memory: 1, system: 'one', node: 'v24.0.0' },
        versions: {},
        method: [],
        tables: [
          {
            title: 'Build',
            tools: ['ours'],
            rows: [{ what: 'Cold', unit: 's', values: ['fast'] }],
          },
        ],
        bars: [],
      }),
    },
    report: [
      "content/measurements/bench/build.json:1: 'tables[0].rows[0].values[0]' must be a number: write a number",
    ],
  },
  {
    name: 'an unknown key deep inside',
    edits: [[log, 'because: It is tested.', 'because: It is tested., colour: red']],
    report: [`${log}:7: unknown key 'colour' in upkeep: remove it, or correct its spelling`],
  },
  {
    name: 'a fact without a source',
    edits: [[log, 'value: 1.0.0, source: log-readme, ', 'value: 1.0.0, ']],
    report: [`${log}:9: 'facts.first-release.source' is missing: add it`],
  },
  {
    name: 'a fact without the day it was read',
    edits: [
      [
        log,
        '{ value: 1.0.0, source: log-readme, read: 2026-01-02 }',
        '{ value: 1.0.0, source: log-readme }',
      ],
    ],
    report: [
      `${log}:9: 'facts.first-release.read' is not a date: write it as year-month-day, like 2026-11-23`,
    ],
  },
  {
    name: 'a source id that does not exist',
    edits: [
      [
        log,
        'because: It is tested., source: log-readme',
        'because: It is tested., source: nowhere',
      ],
    ],
    report: [
      `${log}:7: there is no source 'nowhere': add it to content/catalog/sources, or correct the id`,
    ],
  },
  {
    name: 'the same id twice in one file',
    edits: [[sources, 'log-readme:', 'store-readme:']],
    report: [
      `${sources}:7: not valid YAML (Map keys must be unique): correct the syntax at this line or before it`,
    ],
  },
  {
    name: 'the same id in two kinds of record',
    files: {
      'content/catalog/concepts/store.yaml':
        'name: Store\nsummary: Again.\nrelated: [log-rs, quorum]\n',
      'content/docs/concepts/store.mdx': page('Words.'),
    },
    report: [
      `content/catalog/concepts/store.yaml:1: the id 'store' is taken by ${store}: choose another id`,
    ],
  },
  {
    name: 'the same source id in two files',
    files: {
      'content/catalog/sources/more.yaml':
        'log-readme:\n  title: Again\n  url: https://log.example/again\n  read: 2026-01-02\n',
    },
    report: [
      `content/catalog/sources/more.yaml:1: the id 'log-readme' is taken by ${sources}: choose another id`,
    ],
  },
  {
    name: 'a page without facts',
    files: { 'content/docs/libraries/lonely.mdx': page('Words.') },
    report: [
      'content/docs/libraries/lonely.mdx: this page has no facts: write content/catalog/libraries/lonely.yaml',
    ],
  },
  {
    name: 'facts without a page',
    files: { 'content/docs/concepts/quorum.mdx': undefined },
    report: [`${quorum}: these facts have no page: write content/docs/concepts/quorum.mdx`],
  },
  {
    name: 'a day that does not exist',
    edits: [
      [
        sources,
        'url: https://log.example/readme\n  read: 2026-01-02',
        'url: https://log.example/readme\n  read: 2026-02-30',
      ],
    ],
    report: [
      `${sources}:10: 'log-readme.read' is not a date: write a day that exists as year-month-day, like 2026-11-23`,
    ],
  },
  {
    name: 'a day in the future',
    edits: [
      [
        log,
        'It is tested., source: log-readme, read: 2026-01-02',
        'It is tested., source: log-readme, read: 2026-02-02',
      ],
    ],
    report: [
      `${log}:7: 2026-02-02 lies in the future: write the day on which it happened or was read`,
    ],
  },
  {
    name: 'an event in the future, known to the month',
    edits: [[store, 'date: 2020-01-01', 'date: 2026-03']],
    report: [
      `${store}:14: 2026-03 lies in the future: write the day on which it happened or was read`,
    ],
  },
  {
    name: 'a history out of order',
    edits: [[store, 'date: 2019-05', 'date: 2021']],
    report: [`${store}:14: 2020-01-01 comes after 2021: order the history by date, oldest first`],
  },
  {
    name: 'a wrong maturity level',
    edits: [[landscape, '"sandbox"', '"ripe"']],
    report: [
      `${landscape}:8: 'projects[0].maturity' is not one of the allowed words: write sandbox, incubating, graduated, archived`,
    ],
  },
  {
    name: 'a project that the landscape does not know',
    edits: [[store, 'landscape: Store', 'landscape: Shop']],
    report: [
      `${store}:3: the landscape snapshot has no project 'Shop': correct the name, or refresh the snapshots`,
    ],
  },
  {
    name: 'a steward that is no project',
    edits: [[log, 'steward: { project: store }', 'steward: { project: shop }']],
    report: [
      `${log}:5: there is no project 'shop': name a project of the catalog, or a steward by name and url`,
    ],
  },
  {
    name: 'an unknown job',
    edits: [[log, 'jobs: [consensus]', 'jobs: [cooking]']],
    report: [
      `${log}:4: 'jobs[0]' is not one of the allowed words: write consensus, rpc, http, tls, runtime, limits, metrics, tracing, profiling, faults`,
    ],
  },
  {
    name: 'a related record that does not exist',
    edits: [[quorum, 'related: [store, log-rs]', 'related: [store, paxos]']],
    report: [`${quorum}:3: there is no record 'paxos': correct the id, or write the record`],
  },
  {
    name: 'a crate that the lockfile does not name',
    edits: [[store, 'crate: log,', 'crate: serde,']],
    report: [
      `${store}:8: the Cargo.lock of acme/store has no crate 'serde': correct the name, or refresh the snapshots`,
    ],
  },
  {
    name: 'a repository without a snapshot',
    files: { 'content/snapshots/repositories/acme+log-rs.json': undefined },
    report: [
      `${log}:6: there is no snapshot of acme/log-rs: run: npm run catalog -- refresh --mirror DIR`,
    ],
  },
  {
    name: 'no landscape snapshot',
    files: { [landscape]: undefined },
    report: [`${landscape}: the snapshot is missing: run: npm run catalog -- refresh --mirror DIR`],
  },
  {
    name: 'links whose day is none',
    files: {
      'content/snapshots/links.json':
        '{ "checked": "today", "alive": [], "moved": {}, "dead": {}, "notChecked": {} }',
    },
    report: [
      "content/snapshots/links.json:1: 'checked' is not a date: write a day that exists as year-month-day, like 2026-11-23",
    ],
  },
  {
    name: 'a pattern of tags without a group',
    edits: [[log, "tags: '^v(\\d+\\.\\d+\\.\\d+)$'", "tags: '^v'"]],
    report: [
      `${log}:6: '^v' is no pattern with a group for the version: write a regular expression like ^v(\\d+\\.\\d+\\.\\d+)$`,
    ],
  },
  {
    name: 'a version without quotes that reads as a number',
    edits: [[log, 'value: 1.0.0', 'value: 1.10']],
    report: [
      `${log}:9: 'facts.first-release.value' is not a whole number: put versions and fractions in quotes`,
    ],
  },
  {
    name: 'an address without https',
    edits: [[sources, 'https://log.example/readme', 'http://log.example/readme']],
    report: [
      `${sources}:9: 'log-readme.url' is not an https address: write it in full, from https:// on`,
    ],
  },
  {
    name: 'an abbreviated commit',
    edits: [[sources, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaaa']],
    report: [
      `${sources}:4: 'store-readme.commit' is not a commit: write all 40 hexadecimal digits`,
    ],
  },
  {
    name: 'a broken link inside the site',
    edits: [[storePage, '/libraries/log-rs.html', '/libraries/gone.html']],
    report: [
      `${storePage}:8: the link '/libraries/gone.html' on projects/store leads to no page: correct the address`,
    ],
  },
  {
    name: 'a link that does not end at a file',
    edits: [[storePage, '/libraries/log-rs.html', '/libraries/log-rs']],
    report: [
      `${storePage}:8: the link '/libraries/log-rs' does not end at a file: write /libraries/log-rs.html`,
    ],
  },
  {
    name: 'a heading level skipped',
    edits: [[storePage, '## Words', '## Words\n\n#### Deeper']],
    report: [`${storePage}:8: the heading 'Deeper' skips a level, from 2 to 4: use ###`],
  },
  {
    name: 'a second title',
    edits: [[storePage, '## Words', '# Words']],
    report: [
      `${storePage}:6: 'Words' is a second title of the page: start headings at ##; the title comes from the frontmatter`,
    ],
  },
  {
    name: 'an image without a text alternative',
    edits: [[storePage, '## Words', '## Words\n\n![](/picture.svg)']],
    report: [
      `${storePage}:8: the image has no text alternative: write what it shows between the square brackets`,
    ],
  },
  {
    name: 'a diagram without a text alternative',
    edits: [[logPage, '  A leads to B.\n', '']],
    report: [
      `${logPage}:12: the diagram has no text alternative: give it a title, and tell between its tags what it shows`,
    ],
  },
  {
    name: 'two pages that do not compile',
    edits: [
      [logPage, '## Words', '## Words\n\nThis is <b>wrong.'],
      [storePage, '## Words', '## Words\n\nThis {is wrong.'],
    ],
    report: [
      `${logPage}:10: the page does not compile (Expected a closing tag for \`<b>\` (10:9) before the end of \`paragraph\`): correct the MDX at this place; < and { must be escaped or closed`,
      `${storePage}:8: the page does not compile (Unexpected end of file in expression, expected a corresponding closing brace for \`{\`): correct the MDX at this place; < and { must be escaped or closed`,
    ],
  },
  {
    name: 'a page without title and description',
    files: { [storePage]: 'Words.\n' },
    report: [
      `${storePage}:1: the page has no description: add 'description:' to the frontmatter`,
      `${storePage}:1: the page has no title: add 'title:' to the frontmatter`,
    ],
  },
  {
    name: 'an empty page',
    files: { [storePage]: '' },
    report: [`${storePage}: the file is empty: write the page, or delete the file`],
  },
  {
    name: 'an empty record',
    files: { [quorum]: '\n' },
    report: [`${quorum}: the file is empty: write the record, or delete the file`],
  },
  {
    name: 'a file in another encoding',
    files: { [quorum]: Buffer.from('name: Quor\xfcm\n', 'latin1') },
    report: [`${quorum}: the file is not UTF-8: save it as UTF-8`],
  },
  {
    name: 'a value of five megabytes',
    files: {
      [quorum]: `name: Quorum\nsummary: ${'x'.repeat(5_000_000)}\nrelated: [store, log-rs]\n`,
    },
    report: [
      `${quorum}:2: the value of summary has 5000000 characters, more than 4000: shorten it; long text belongs on the page`,
    ],
  },
  {
    name: 'figures in prose',
    edits: [
      [
        storePage,
        'and speaks TLS 1.3.',
        'and speaks TLS 1.3 since 2019, at 0.7.0, over 1,200 lines.',
      ],
    ],
    report: [
      `${storePage}:8: the figure '0.7.0' stands in prose: put it into the catalog with its source and show it with <Fact>, or say it without the figure`,
      `${storePage}:8: the figure '1,200' stands in prose: put it into the catalog with its source and show it with <Fact>, or say it without the figure`,
      `${storePage}:8: the figure '2019' stands in prose: put it into the catalog with its source and show it with <Fact>, or say it without the figure`,
    ],
  },
  {
    name: 'a figure in the one-line text of a record',
    edits: [[store, 'rust: The server.', 'rust: The server, since 2019.']],
    report: [
      `${store}:4: the figure '2019' stands in prose: put it into the catalog with its source and show it with <Fact>, or say it without the figure`,
    ],
  },
  {
    name: 'a fact that does not exist',
    edits: [[logPage, 'name="first-release"', 'name="last-release"']],
    report: [
      `${log}:9: the fact 'first-release' is shown nowhere: show it with <Fact of="log-rs" name="first-release" />, or remove it`,
      `${logPage}:10: 'log-rs' has no fact 'last-release': add it to ${log}, or correct the name`,
    ],
  },
  {
    name: 'a reference to no source at all',
    edits: [[logPage, '<Cite source="log-readme" />', '<Cite />']],
    report: [`${logPage}:10: <Cite> names no source: write <Cite source="id-of-a-source" />`],
  },
  {
    name: 'a source that nothing refers to',
    edits: [
      [
        sources,
        'log-readme:',
        'spare:\n  title: Spare\n  url: https://log.example/spare\n  read: 2026-01-02\nlog-readme:',
      ],
    ],
    report: [`${sources}:7: nothing refers to the source 'spare': cite it, or remove it`],
  },
  {
    name: 'the same address under two source ids',
    edits: [
      [
        sources,
        'log-readme:',
        'log-again:\n  title: Again\n  url: https://log.example/readme\n  read: 2026-01-02\nlog-readme:',
      ],
      [
        logPage,
        '<Cite source="log-readme" />',
        '<Cite source="log-readme" /> <Cite source="log-again" />',
      ],
    ],
    report: [`${sources}:11: 'log-readme' is the same place as 'log-again': keep one of them`],
  },
  {
    name: 'a file name that is no id',
    files: { 'content/catalog/concepts/Big_Idea.yaml': 'name: Big\n' },
    report: [
      'content/catalog/concepts/Big_Idea.yaml: the name of the file is not an id with the ending .yaml: use lower-case letters, digits and hyphens, like raft-rs.yaml',
    ],
  },
  {
    name: 'a page that is not MDX',
    files: { 'content/docs/notes.md': 'Words.\n' },
    report: [
      'content/docs/notes.md: pages are MDX, and this file is not: rename it to end in .mdx, or move it out of content/docs',
    ],
  },
];

test('there are at least thirty cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(30);
});

test('the sound project has no problems', async () => {
  await using project = await TestProject.create();
  expect(await loadCatalog(project.root, today)).toHaveProperty('catalog');
});

describe('each case gives exactly its report', () => {
  test.for(cases)('$name', async ({ files = {}, edits = [], report }) => {
    await using project = await TestProject.create();
    for (const [file, content] of Object.entries(files)) await project.write(file, content);
    for (const [file, from, to] of edits) {
      const before = await readFile(path.join(project.root, file), 'utf8');
      expect(before, `the fixture ${file} still has what the case changes`).toContain(from);
      await project.write(
        file,
        before.replace(from, () => to),
      );
    }
    const noun = report.length === 1 ? 'problem' : 'problems';
    const expected = [...report, `${report.length} ${noun} found.`].join('\n');

    // The check says it, the build refuses it in the same words, and the previous site stays.
    const loaded = await loadCatalog(project.root, today);
    expect('problems' in loaded && formatReport(loaded.problems)).toBe(expected);
    await project.write('dist/index.html', 'the previous site');
    const building = buildSite(project.root, async () => {
      const checked = await loadSite(project.root, today);
      if ('problems' in checked) throw new ReportedProblems(checked.problems);
      expect.unreachable('a build must not start on bad input');
    });
    await expect(building).rejects.toHaveProperty('message', expected);
    expect(await readdir(path.join(project.root, 'dist'), { recursive: true })).toEqual([
      'index.html',
    ]);
    expect(await readFile(path.join(project.root, 'dist/index.html'), 'utf8')).toBe(
      'the previous site',
    );
  });
});
