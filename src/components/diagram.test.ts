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

test('has no ids, which two pictures on a page could share, and no fine fractions', async () => {
  const { svg } = await drawDiagram(dot, 'd1');
  expect(svg).not.toMatch(/ id=/);
  expect(svg).not.toMatch(/ (d|points|x|y)="[^"]*\d\.\d\d/);
});

test('the same text gives the same bytes', async () => {
  expect(await drawDiagram(dot, 'd')).toEqual(await drawDiagram(dot, 'd'));
});

test('a mistake is told in the words of the layout engine', async () => {
  await expect(drawDiagram('digraph { a -> }', 'd')).rejects.toThrow('syntax error');
});
