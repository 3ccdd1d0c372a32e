import { expect, test } from 'vitest';
import { SiteFolder } from '../../tests/support/site-folder.ts';
import { takeSteps } from '../built-site/built-site.ts';
import { type PortableOptions, portable } from './portable.ts';

/** The files of a site after the step, by path. */
async function portableFiles(
  files: Record<string, string>,
  options?: PortableOptions,
): Promise<Record<string, string>> {
  await using folder = await SiteFolder.of(files);
  await takeSteps(folder.directory, [portable(options)]);
  return await folder.files();
}

const page = (head: string, body: string, root = '') =>
  `<!DOCTYPE html><html lang="en"${root && ` data-root="${root}"`}><head>${head}</head><body>${body}</body></html>`;

test('a site with folders, spaces and letters of other languages', async () => {
  const plain = {
    'fonts/a b.woff2': 'font',
    'images/größe.svg': '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    'robots.txt': 'User-agent: *\n',
  };
  expect(
    await portableFiles({
      ...plain,
      'index.html': page(
        '<link rel="stylesheet" href="/styles/main.css" crossorigin="">',
        '<a href="/für dich/seite.html#x">a</a><a href="/für%20dich/">b</a><a href="/gone.html">c</a>',
      ),
      'für dich/index.html': page(
        '<style>p{background:url(/images/gr%C3%B6%C3%9Fe.svg)}</style>',
        '<form action="/index.html"><button>Go</button></form><iframe src="/für%20dich/seite.html" title="t"></iframe>',
      ),
      'für dich/seite.html': page(
        '<meta http-equiv="refresh" content="5; url=/index.html">',
        '<img src="/images/größe.svg" srcset="/images/größe.svg 1x, /images/gr%C3%B6%C3%9Fe.svg 2x" alt=""><svg><use href="#own"></use></svg><p style="background:url(/images/größe.svg)"></p>',
      ),
      'styles/main.css':
        '@import "/styles/more.css";@font-face{font-family:a;src:url("/fonts/a b.woff2")}',
      'styles/more.css': 'p { color: red }',
    }),
  ).toEqual({
    ...plain,
    'index.html': page(
      '<link rel="stylesheet" href="styles/main.css">',
      '<a href="f%C3%BCr%20dich/seite.html#x">a</a><a href="f%C3%BCr%20dich/index.html">b</a><a href="/gone.html">c</a>',
      './',
    ),
    'für dich/index.html': page(
      '<style>p{background:url(../images/gr%C3%B6%C3%9Fe.svg)}</style>',
      '<form action="../index.html"><button>Go</button></form><iframe src="seite.html" title="t"></iframe>',
      '../',
    ),
    'für dich/seite.html': page(
      '<meta http-equiv="refresh" content="5; url=../index.html">',
      '<img src="../images/gr%C3%B6%C3%9Fe.svg" srcset="../images/gr%C3%B6%C3%9Fe.svg 1x, ../images/gr%C3%B6%C3%9Fe.svg 2x" alt=""><svg><use href="#own"></use></svg><p style="background:url(../images/gr%C3%B6%C3%9Fe.svg)"></p>',
      '../',
    ),
    'styles/main.css': '@import "more.css";@font-face{font-family:a;src:url(../fonts/a%20b.woff2)}',
    'styles/more.css': 'p { color: red }',
  });
});

test('a site that was built for a path, with modules that share one', async () => {
  const files = await portableFiles(
    {
      'index.html': page(
        '<link rel="modulepreload" href="/docs/_a/shared.js"><script type="module" src="/docs/_a/a.js"></script>',
        '<a href="/docs/deep/er.html">a</a><a href="/elsewhere.html">b</a>',
      ),
      'deep/er.html': page(
        '<script type="module" src="/docs/_a/a.js"></script>',
        '<a href="/docs/">a</a>',
      ),
      '_a/a.js': 'import { say } from "./shared.js"; say("a");',
      '_a/shared.js': 'export const say = (text) => console.log(text);',
    },
    { base: '/docs/' },
  );
  const [script = ''] = Object.keys(files).filter((file) => file.startsWith('_a/'));
  expect(script).toMatch(/^_a\/scripts\.[\w-]{8}\.js$/);
  expect(files).toEqual({
    [script]: expect.stringMatching(/^\(\(\)=>\{.*console\.log.*"a".*\}\)\(\);\n$/s),
    'index.html': page(
      `<script src="${script}" defer=""></script>`,
      '<a href="deep/er.html">a</a><a href="/elsewhere.html">b</a>',
      './',
    ),
    'deep/er.html': page(
      `<script src="../${script}" defer=""></script>`,
      '<a href="../index.html">a</a>',
      '../',
    ),
  });
});

test('a page that is served at any depth brings everything itself', async () => {
  const files = await portableFiles(
    {
      '404.html': page(
        '<link rel="icon" href="/i.svg"><link rel="stylesheet" href="/s/a.css" media="print"><script type="module" src="/s/a.js"></script>',
        '<a href="/index.html">a</a>',
      ),
      'i.svg': '<svg/>',
      'index.html': page('', ''),
      's/a.css': 'p{background:url(../i.svg)}',
      's/a.js': 'console.log("own script");',
    },
    { site: 'https://a.example/' },
  );
  const [before, after] = page(
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent('<svg/>')}"><style media="print">p{background:url(https://a.example/i.svg)}</style>`,
    '<a href="https://a.example/index.html">a</a><script></script>',
    'https://a.example/',
  ).split('</script>');
  expect(files['404.html']?.startsWith(before ?? '')).toBe(true);
  expect(files['404.html']?.endsWith(`</script>${after}`)).toBe(true);
  expect(files['404.html']).toContain('own script');
  expect(Object.keys(files)).toEqual(['404.html', 'i.svg', 'index.html', 's/a.css']);
});

test('attributes that only earlier steps needed are dropped', async () => {
  const files = await portableFiles(
    { 'index.html': page('', '<p data-step="1" data-kept="">a</p>') },
    { dropAttributes: /^data-step$/ },
  );
  expect(files['index.html']).toBe(page('', '<p data-kept="">a</p>', './'));
});
