import { expect, test } from 'vitest';
import { SiteFolder } from '../../tests/support/site-folder.ts';
import { type Problem, ReportedProblems } from '../catalog/report.ts';
import { type SiteStep, takeSteps } from './built-site.ts';
import { attributeOf, element, insertAfter, textOf, visit } from './tree.ts';

/** Takes steps over a site of these files, and gives what is there then. */
async function filesAfter(
  files: Record<string, string>,
  steps: readonly SiteStep[],
): Promise<Record<string, string>> {
  await using folder = await SiteFolder.of(files);
  await takeSteps(folder.directory, steps);
  return await folder.files();
}

const page = (body: string) => `<!DOCTYPE html><html><head></head><body>${body}</body></html>`;

/** Puts a word into every paragraph. */
const adding = (word: string): SiteStep => ({
  name: word,
  start: () => ({
    page(page) {
      visit(page.document, (found) => {
        if (found.tagName !== 'p') return;
        insertAfter(found, element('p', { id: word }, `${textOf(found)} ${word}`));
        page.changed = true;
      });
    },
  }),
});

test('each step sees pages as the steps before it left them; other files stay', async () => {
  const seen: (string | undefined)[] = [];
  const looking: SiteStep = {
    name: 'looking',
    start: () => ({
      page: ({ document }) => visit(document, (found) => void seen.push(attributeOf(found, 'id'))),
    }),
  };
  const files = { 'a.html': page('<p>x</p>'), 'b.css': 'p{}' };
  expect(await filesAfter(files, [adding('one'), adding('two'), looking])).toEqual({
    'a.html': page('<p>x</p><p id="two">x two</p><p id="one">x one</p><p id="two">x one two</p>'),
    'b.css': 'p{}',
  });
  expect(seen.filter(Boolean)).toEqual(['two', 'one', 'two']);
});

test('a page that nobody changes keeps its bytes; one that is changed keeps its meaning', async () => {
  const loose = '<p>a<pre>\n\nb</pre><textarea>\n\nc</textarea><template><p>d</p></template>';
  expect(await filesAfter({ 'a.html': loose }, [])).toEqual({ 'a.html': loose });
  const marking: SiteStep = {
    name: 'marking',
    start: () => ({
      page(page) {
        page.changed = true;
      },
    }),
  };
  expect(await filesAfter({ 'a.html': loose }, [marking])).toEqual({
    'a.html':
      '<html><head></head><body><p>a</p><pre>\n\nb</pre><textarea>\n\nc</textarea><template><p>d</p></template></body></html>',
  });
});

test('the problems of all steps are told together; steps close, but do not end', async () => {
  const ended: string[] = [];
  const closed: string[] = [];
  const failing = (what: string): SiteStep => ({
    name: what,
    start: () => {
      const problems: Problem[] = [];
      return {
        page: ({ file }) => void problems.push({ file, what, mend: 'mend it' }),
        problems: () => problems,
        end: () => void ended.push(what),
        close: () => void closed.push(what),
      };
    },
  });
  const work = filesAfter({ 'a.html': '', 'b.html': '' }, [failing('torn'), failing('bent')]);
  await expect(work).rejects.toThrow(ReportedProblems);
  await expect(work).rejects.toThrow(
    'a.html: bent: mend it\na.html: torn: mend it\nb.html: bent: mend it\nb.html: torn: mend it\n4 problems found.',
  );
  expect(ended).toEqual([]);
  expect(closed).toEqual(['torn', 'bent']);
});

test('a step may write and remove files; the next ones know of it', async () => {
  const known: boolean[] = [];
  const writing: SiteStep = {
    name: 'writing',
    async start(site) {
      await site.write('new/c.css', 'q{}');
      await site.remove('b.css');
      return {};
    },
  };
  const looking: SiteStep = {
    name: 'looking',
    start: ({ files }) => {
      known.push(files.has('new/c.css'), files.has('b.css'));
      return {};
    },
  };
  expect(await filesAfter({ 'b.css': 'p{}' }, [writing, looking])).toEqual({ 'new/c.css': 'q{}' });
  expect(known).toEqual([true, false]);
});
