import { generate, parse, walk } from 'css-tree';

/** Rewrites the addresses in a style sheet, or in the declarations of a `style` attribute. */
export function rewriteCss(
  css: string,
  context: 'stylesheet' | 'declarationList',
  rewrite: (address: string) => string,
): string {
  // Most sheets have no address but those that bring their picture along.
  if (!/url\(\s*(?!["']?data:)|@import/i.test(css)) return css;
  const tree = parse(css, { context, parseValue: true });
  let changed = false;
  walk(tree, (node) => {
    if (node.type === 'Url') {
      const address = rewrite(node.value);
      changed ||= address !== node.value;
      node.value = address;
    } else if (
      node.type === 'Atrule' &&
      node.name === 'import' &&
      node.prelude?.type === 'AtrulePrelude'
    ) {
      const first = node.prelude.children.first;
      if (first?.type !== 'String') return;
      const address = rewrite(first.value);
      changed ||= address !== first.value;
      first.value = address;
    }
  });
  // What needs no change keeps its bytes.
  return changed ? generate(tree) : css;
}
