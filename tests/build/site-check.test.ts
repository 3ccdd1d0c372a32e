import { describe, expect, test } from 'vitest';
import { siteCheck } from '../../src/site-check/check-site.ts';
import { SiteFolder } from '../support/site-folder.ts';

const page = (main: string, head = '<title>T</title><meta name="description" content="D">') =>
  `<!doctype html><html lang="en"><head>${head}</head><body><main><h1 id="_top">T</h1>${main}</main></body></html>`;

/** Runs the check over the given pages, as files. */
async function problemsOf(
  files: Record<string, string>,
  sources: Record<string, string> = {},
): Promise<string[]> {
  await using folder = await SiteFolder.of(files);
  const sourceOf = async (file: string) => {
    const text = sources[file];
    return text === undefined ? undefined : { file: file.replace('.html', '.mdx'), text };
  };
  return await folder.problemsOf([siteCheck({ sourceOf })]);
}

describe('a sound site', () => {
  test('has no problems', async () => {
    const files = {
      'index.html': page(
        '<h2 id="a">A</h2><a href="/sub/b.html#c">b</a><a href="#a">a</a><a href="https://else.example/x">x</a>',
      ),
      'sub/b.html': page(
        '<h2 id="c">C</h2><a href="../index.html">home</a><img src="p%20q.svg" alt=""><svg aria-hidden="true"></svg>',
      ),
      'sub/p q.svg': '<svg></svg>',
    };
    expect(await problemsOf(files)).toEqual([]);
  });
});

describe('each mistake is named', () => {
  const cases: [name: string, main: string, expected: string][] = [
    [
      'a link to nothing',
      '<a href="/gone.html">x</a>',
      "index.html: the link '/gone.html' leads to no file: correct the address",
    ],
    [
      'a link to a folder',
      '<a href="/sub/">x</a>',
      "index.html: the link '/sub/' leads to no file: correct the address",
    ],
    [
      'an anchor that is not there',
      '<a href="#nowhere">x</a>',
      "index.html: the link '#nowhere' names an anchor that is not there: correct the address",
    ],
    [
      'a script that is not there',
      '<script src="/x.js"></script>',
      "index.html: the src '/x.js' leads to no file: correct the address",
    ],
    [
      'an object that is not there',
      '<object data="/gone.svg"></object>',
      "index.html: the data '/gone.svg' leads to no file: correct the address",
    ],
    [
      'one of several pictures that is not there',
      '<img srcset="/index.html 1x, /gone.png 2x" alt="">',
      "index.html: the srcset '/gone.png' leads to no file: correct the address",
    ],
    [
      'a form that leads nowhere',
      '<form action="/gone"></form>',
      "index.html: the action '/gone' leads to no file: correct the address",
    ],
    [
      'a background that is not there',
      '<p style="background: url(/gone.png)"></p>',
      "index.html: the style '/gone.png' leads to no file: correct the address",
    ],
    [
      'a link out of the site',
      '<a href="../../elsewhere.html">x</a>',
      "index.html: the link '../../elsewhere.html' leaves the site: correct the address",
    ],
    [
      'a picture that is used from another file',
      '<svg aria-hidden="true"><use href="index.html#_top"></use></svg>',
      "index.html: the picture 'index.html#_top' is used from another file, which browsers refuse from disk: put it into the page, or show it with <img>",
    ],
    [
      'an empty link',
      '<a href="">x</a>',
      'index.html: a <a> has an empty href: give it an address',
    ],
    [
      'a skipped heading',
      '<h3>Deep</h3>',
      "index.html: the heading 'Deep' skips a level, from 1 to 3: make it level 2",
    ],
    [
      'a second main heading',
      '<h1>Again</h1>',
      'index.html: the page has 2 main headings: keep exactly one',
    ],
    [
      'an image without alt',
      '<img src="data:,">',
      "index.html: the image 'data:,' has no text alternative: add alt text",
    ],
    [
      'an unnamed SVG',
      '<svg></svg>',
      'index.html: an SVG has no text alternative: name it with aria-label, or hide it with aria-hidden',
    ],
    [
      'an id twice',
      '<p id="a"></p><p id="a"></p>',
      "index.html: the id 'a' stands twice: rename one of the headings",
    ],
  ];
  test.for(cases)('%s', async ([, main, expected]) => {
    expect(await problemsOf({ 'index.html': page(main) })).toEqual([expected]);
  });

  test('a name that differs only in case, and one that Windows refuses', async () => {
    expect(
      await problemsOf({ 'index.html': page(''), 'Index.html': page(''), 'aux.html': page('') }),
    ).toEqual([
      "aux.html: the name 'aux.html' is that of a device on Windows: rename it",
      "index.html: the name differs from 'Index.html' only in case or in how Unicode writes it: rename one of them",
    ]);
  });

  test('an address in a style sheet that leads nowhere', async () => {
    const files = { 'index.html': page(''), 'a/b.css': 'p { background: url(../gone.png) }' };
    expect(await problemsOf(files)).toEqual([
      "a/b.css: the url '../gone.png' leads to no file: correct the address",
    ]);
  });

  test('a page that says nothing of itself', async () => {
    expect(
      await problemsOf({ 'index.html': '<html><body><main>words</main></body></html>' }),
    ).toEqual([
      'index.html: the page does not say its language: set lang on <html>',
      'index.html: the page has no title: add title to its frontmatter',
      'index.html: the page has no description: add description to its frontmatter',
      'index.html: the page has 0 main headings: keep exactly one',
    ]);
  });

  test('at its place in the page it was made from', async () => {
    const files = { 'index.html': page('<a href="/gone.html">x</a>') };
    const sources = { 'index.html': '---\n---\n\n[x](/gone.html)\n' };
    expect(await problemsOf(files, sources)).toEqual([
      "index.mdx:4: the link '/gone.html' leads to no file: correct the address",
    ]);
  });
});
