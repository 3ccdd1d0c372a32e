import { expect, test } from 'vitest';
import { drawDiagram } from './diagram.ts';

const dot = 'digraph { a [label="A & B", class="rust"]; a -> b [label="to"] }';

test('a picture carries classes and its name, and no looks of its own', async () => {
  const { svg, width } = await drawDiagram(dot, 'd1');
  expect(svg).toMatch(/^<svg viewBox="[\d. -]+" width="\d+" role="img" aria-labelledby="d1-title"/);
  expect(svg).toContain('class="node rust"');
  expect(svg).toContain('A &amp; B');
  expect(svg).not.toMatch(/style=|fill=|stroke=|font-family=|<title>|<!--/);
  expect(width).toBeGreaterThan(50);
});

test('ids are unique on a page with two pictures', async () => {
  const [one, two] = await Promise.all([drawDiagram(dot, 'd1'), drawDiagram(dot, 'd2')]);
  const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids(one.svg).filter((id) => ids(two.svg).includes(id))).toEqual([]);
});

test('the same text gives the same bytes', async () => {
  expect(await drawDiagram(dot, 'd')).toEqual(await drawDiagram(dot, 'd'));
});

test('a mistake is told in the words of the layout engine', async () => {
  await expect(drawDiagram('digraph { a -> }', 'd')).rejects.toThrow('syntax error');
});
