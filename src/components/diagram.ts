import { instance } from '@viz-js/viz';
import { parseFragment, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';

/** Layout settings that every diagram shares. Colours come from the style sheet, by class. */
const defaults = {
  graphAttributes: {
    bgcolor: 'transparent',
    fontname: 'Helvetica',
    fontsize: 13,
    nodesep: 0.35,
    ranksep: 0.45,
    pad: 0.1,
  },
  nodeAttributes: {
    shape: 'box',
    fontname: 'Helvetica',
    fontsize: 13,
    margin: '0.16,0.09',
    height: 0.4,
  },
  edgeAttributes: { fontname: 'Helvetica', fontsize: 12, arrowsize: 0.7 },
};

/** Attributes that carry looks or nothing; looks are the style sheet's business. */
const dropped = new Set(['id', 'fill', 'stroke', 'font-family', 'xml:space', 'xmlns:xlink']);

/** Attributes that hold coordinates. */
const geometry = new Set(['d', 'points', 'x', 'y', 'cx', 'cy', 'rx', 'ry']);

/** Graphviz; started once, for it takes longer than most diagrams. */
let graphviz: ReturnType<typeof instance> | undefined;

const rounded = (number: string) => String(Number(Number(number).toFixed(1)));

/**
 * Lays out a diagram and makes it fit for a page: no fixed colours, no ids that another picture could
 * have too, a size that shrinks with the text column, and nothing finer than a tenth of a point.
 *
 * @param dot Graphviz source; nodes carry class `rust`, `other` or `data`, clusters `group`
 * @param id of the picture; `<id>-title` names it
 * @returns the SVG, and its natural width in pixels
 * @throws with Graphviz's own words if the source cannot be read
 */
export async function drawDiagram(
  dot: string,
  id: string,
): Promise<{ svg: string; width: number }> {
  graphviz ??= instance();
  const viz = await graphviz;
  const result = viz.render(dot, { format: 'svg', ...defaults });
  if (result.status !== 'success') {
    throw new Error(result.errors.map(({ message }) => message).join('; '));
  }
  const root = parseFragment(result.output).childNodes.find(
    (node): node is Tree.Element => 'tagName' in node && node.tagName === 'svg',
  );
  if (!root) throw new Error('Graphviz gave no picture');
  const viewBox = root.attrs.find(({ name }) => name === 'viewBox')?.value ?? '0 0 0 0';
  // Graphviz counts in points; at 4/3 pixels a point its 13-point text is as large as small print.
  const width = Math.ceil(Number(viewBox.split(' ')[2]) * 1.1);
  clean(root);
  root.attrs = [
    { name: 'viewBox', value: viewBox },
    { name: 'width', value: String(width) },
    { name: 'role', value: 'img' },
    { name: 'aria-labelledby', value: `${id}-title` },
    { name: 'class', value: 'diagram' },
  ];
  const fragment = parseFragment('');
  fragment.childNodes = [root];
  return { svg: serialize(fragment), width };
}

function clean(element: Tree.Element): void {
  element.attrs = element.attrs
    .filter(({ name, prefix }) => !dropped.has(prefix ? `${prefix}:${name}` : name))
    .map((attribute) =>
      geometry.has(attribute.name)
        ? { ...attribute, value: attribute.value.replace(/-?\d+\.\d+/g, rounded) }
        : attribute,
    );
  // Titles would show as tooltips with Graphviz's internal names; comments say the same to nobody.
  element.childNodes = element.childNodes.filter(
    (node) => node.nodeName !== '#comment' && node.nodeName !== 'title',
  );
  for (const child of element.childNodes) if ('tagName' in child) clean(child);
}
