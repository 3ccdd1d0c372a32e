import { parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { pageForPagefind, readSearchPage, strayNames } from './page.ts';

const html = (main: string) =>
  `<!doctype html><html><body><header>site</header><main data-pagefind-body>${main}</main></body></html>`;

const read = (main: string) => readSearchPage('a/b.html', parse(html(main)));

describe('a page', () => {
  test('is cut at its headings; what stands in none belongs to the top', () => {
    const page = read('<h1 id="_top">T</h1><p>lead</p><h2 id="a">A <b>b</b></h2><p>x</p><p>y</p>');
    expect(page?.sections).toEqual([
      { id: '_top', kind: 'section', title: 'T', level: 1, text: 'lead', weight: 1, names: [] },
      { id: 'a', kind: 'section', title: 'A b', level: 2, text: 'x y', weight: 1, names: [] },
    ]);
  });

  test('gives items sections of their own, after the text around them', () => {
    const page = read(
      '<h1 id="_top">T</h1><h2 id="api">API</h2><p>before</p>' +
        '<table><tr id="i" data-search-item="identifier"><th>m::F</th><td>does</td></tr></table><p>after</p>',
    );
    expect(page?.sections.slice(1).map(({ kind, title, text }) => [kind, title, text])).toEqual([
      ['section', 'API', 'before after'],
      ['identifier', 'm::F', 'm::Fdoes'.replace('F', 'F ')],
    ]);
  });

  test('says its names, filters and labels; examples make a kind of their own', () => {
    const page = read(
      '<h1 id="_top" data-search-names="a b|c" data-search-filters="kind:library job:tls job:rpc" ' +
        'data-search-labels="project:x">T</h1><div id="e" data-search-item="example" data-search-title="n">code</div>',
    );
    expect(page).toMatchObject({
      names: ['a b', 'c'],
      filters: { kind: ['library', 'example'], job: ['tls', 'rpc'] },
      labels: ['project:x'],
    });
    expect(page?.sections[1]).toMatchObject({ kind: 'example', title: 'n', weight: 0.5 });
  });

  test('says the other names of its sections; Pagefind gets them behind the text', () => {
    const page = read(
      `<h1 id="_top" data-search-sections='{"a":["slow client","loris"]}'>T</h1><p>x</p><h2 id="a">A</h2><p>y</p>`,
    );
    expect(page?.sections.map(({ names }) => names)).toEqual([[], ['slow client', 'loris']]);
    expect(page && pageForPagefind(page)).toContain(
      '<p data-pagefind-weight="1">y</p><p>‖ slow client ‖ loris</p>',
    );
  });

  test('may not name sections that it does not have', () => {
    const document = parse(
      html(`<h1 id="_top" data-search-sections='{"_top":["t"],"a":["u"],"b":["v"]}'>T</h1>
        <h2 id="a">A</h2><p id="b">y</p>`),
    );
    expect(strayNames('a.html', document)).toEqual([
      {
        file: 'a.html',
        what: "aliases are given for 'b', which is no heading of the page",
        mend: 'use the id of a heading, or _top for the page as a whole',
      },
    ]);
  });

  test('leaves out what is to be ignored, scripts, navigation and footers', () => {
    const page = read(
      '<h1 id="_top">T<a data-pagefind-ignore>1</a></h1><script>s()</script><nav>n</nav>' +
        '<p>x<sup data-pagefind-ignore>2</sup></p><footer>f</footer>',
    );
    expect(page?.sections).toMatchObject([{ title: 'T', text: 'x' }]);
  });

  test('keeps of programs the comments, and each name once', () => {
    const page = read(
      '<h1 id="_top">T</h1><pre>// Waits for it.\nlet node = RawNode::new();\nnode.step();</pre><pre>node.tick();</pre>',
    );
    expect(page?.sections[0]?.text).toBe('// Waits for it. let node RawNode new step tick');
  });

  test('hands weights on', () => {
    const page = read('<h1 id="_top">T</h1><ol data-pagefind-weight="0.5"><li>x</li></ol>');
    expect(page && pageForPagefind(page)).toContain('<p data-pagefind-weight="0.5">x</p>');
  });

  test('without text to search is none', () => {
    expect(readSearchPage('a.html', parse('<html><body><p>x</p></body></html>'))).toBeUndefined();
    expect(read('<p>no heading</p>')).toBeUndefined();
  });
});

test('what Pagefind gets is escaped, with paths opened', () => {
  const page = read('<h1 id="_top">a::B &lt;T&gt;</h1>');
  expect(page && pageForPagefind(page)).toContain('>a :: B &lt;T&gt;</h1>');
});
