import { expect, test } from 'vitest';
import { SiteFolder } from '../../tests/support/site-folder.ts';
import { policyHeader } from './directives.ts';
import { type PolicyOptions, policy } from './policy.ts';

const page = (head: string, body = '') =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">\n${head}</head>\n<body>${body}</body></html>`;

/** Runs the step over a site of these pages. */
async function run(pages: Record<string, string>, options?: PolicyOptions) {
  await using folder = await SiteFolder.of(pages);
  const problems = await folder.problemsOf([policy(options)]);
  const header = problems.length === 0 ? await policyHeader(folder.directory) : undefined;
  return { problems, written: await folder.files(), header };
}

const policyOf = (html = '') =>
  /<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(
    html,
  )?.[1];

test('the policy stands behind the character set, and the rest of the page is untouched', async () => {
  const html = page('<title>T</title><!-- kept -->', '<pre>\n\n a &nbsp;b</pre>');
  const { written } = await run({ 'index.html': html });
  const found = policyOf(written['index.html']);
  expect(found).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'",
  );
  expect(written['index.html']).toBe(
    html.replace(
      '<meta charset="utf-8">',
      `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${found}">`,
    ),
  );
});

test('what stands inline in the head is allowed by its hash, on its own page only', async () => {
  const { written, header } = await run({
    'index.html': page('<script>a()</script><style>p{color:red}</style>'),
    'data.html': page('', '<script type="application/json">{"a":1}</script>'),
  });
  // printf 'a()' | openssl dgst -sha256 -binary | base64
  const script = "'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='";
  const style = "'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='";
  expect(policyOf(written['index.html'])).toContain(`'wasm-unsafe-eval' ${script};`);
  expect(policyOf(written['index.html'])).toContain(`style-src 'self' ${style};`);
  expect(policyOf(written['data.html'])).not.toContain('sha256');
  expect(header).toBe(
    `script-src 'self' 'wasm-unsafe-eval' ${script}; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-src 'none'; media-src 'none'; frame-ancestors 'none'`,
  );
});

test('Trusted Types are asked for with the names that are given, or with none', async () => {
  const named = await run({ 'index.html': page('') }, { trustedTypes: ['one', 'two'] });
  expect(named.header).toContain("require-trusted-types-for 'script'; trusted-types one two; ");
  const none = await run({ 'index.html': page('') }, { trustedTypes: [] });
  expect(none.header).toContain("trusted-types 'none'; ");
});

const refused: [name: string, body: string, expected: string][] = [
  [
    'an inline script in the text',
    '<script>alert(1)</script>',
    "the inline script 'alert(1)' stands in the text: put it into a component, or into the head if it must run before the first paint",
  ],
  [
    'a style attribute',
    '<p style="color:red">a</p>',
    "the style attribute 'color:red' on a <p>: use a class",
  ],
  [
    'an event handler',
    '<p onclick="a()">a</p>',
    "the event handler 'onclick' on a <p>: add the listener in a script of a component",
  ],
  [
    'a script as address',
    '<a href=" JavaScript:a()">a</a>',
    "the address 'JavaScript:a()' is a script: use a button and a script",
  ],
  [
    'a picture of another server',
    '<img alt="" src="//else.example/a.png">',
    "a <img> loads '//else.example/a.png' from another server: keep the file in this project",
  ],
  [
    'a set of pictures of another server',
    '<img alt="" srcset="a.png 1x, https://else.example/a.png 2x">',
    "a <img> loads 'a.png 1x, https://else.example/a.png 2x' from another server: keep the file in this project",
  ],
  [
    'a connection to another server',
    '<link rel="preconnect" href="https://else.example">',
    "a <link> loads 'https://else.example' from another server: keep the file in this project",
  ],
  ['a frame', '<iframe src="a.html"></iframe>', 'a <iframe> is not allowed: do without it'],
  [
    'any of these in a template',
    '<template><p style="color:red">a</p></template>',
    "the style attribute 'color:red' on a <p>: use a class",
  ],
];
test.for(refused)('refuses %s', async ([, body, expected]) => {
  const { problems } = await run({ 'a.html': page('', body), 'b.html': page('') });
  expect(problems).toEqual([`a.html: ${expected}`]);
});

test('refuses a page that names no character set', async () => {
  const { problems } = await run({ 'a.html': '<!DOCTYPE html><title>a</title>' });
  expect(problems).toEqual([
    'a.html: the page names no character set: begin its head with <meta charset="utf-8">',
  ]);
});

test('links to other servers are no loading', async () => {
  const body =
    '<a href="https://else.example/">a</a><blockquote cite="https://else.example">b</blockquote>';
  const head = '<link rel="canonical" href="https://own.example/a.html">';
  expect((await run({ 'a.html': page(head, body) })).problems).toEqual([]);
});

test('a mistake is placed in the source of its page, one of a layout is told once', async () => {
  const pages = Object.fromEntries(
    ['a', 'b', 'c'].map((id) => [
      `${id}.html`,
      page('', `<p style="top:0"></p>${id === 'b' ? '<script>alert(1)</script>' : ''}`),
    ]),
  );
  const { problems } = await run(pages, {
    sourceOf: async (file) => ({
      file: file.replace('.html', '.mdx'),
      text: '---\n---\n\n<script>alert(1)</script>\n',
    }),
  });
  expect(problems).toEqual([
    "b.mdx:4: the inline script 'alert(1)' stands in the text: put it into a component, or into the head if it must run before the first paint",
    "a.html: the style attribute 'top:0' on a <p>, and on 2 more pages: use a class",
  ]);
});
