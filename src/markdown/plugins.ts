import { defineHastPlugin, htmlToHast } from 'satteri';
import { codeBlock, escapeHtml } from './highlight.ts';

/** Renders fenced code. */
export const fences = defineHastPlugin({
  name: 'fences',
  element: {
    filter: ['pre'],
    visit(node, context) {
      const code = node.children.find((child) => child.type === 'element');
      if (code?.type !== 'element' || code.tagName !== 'code') return undefined;
      const classes = Array.isArray(code.properties?.className) ? code.properties.className : [];
      const language =
        String(classes.find((name) => String(name).startsWith('language-')) ?? '').slice(9) ||
        'text';
      const block = codeBlock(context.textContent(code), language);
      // An outline that nobody ran says so, to readers and to the check of the built site.
      const [, reason] =
        /^not-run:\s*(.+)$/.exec((code.data as { meta?: string } | undefined)?.meta ?? '') ?? [];
      const html =
        reason === undefined
          ? block
          : `<div class="outline" data-not-run="${escapeHtml(reason)}">${block}` +
            `<p class="table-note">Not run: ${escapeHtml(reason)}.</p></div>`;
      const tree = htmlToHast(html, { fragment: true });
      return 'children' in tree ? (tree.children[0] as typeof node) : undefined;
    },
  },
});

/**
 * Gives every table a box of its own to scroll in, so that the page never scrolls sideways. The box is
 * called by the headings of the columns, as a page may have several.
 */
export const tables = defineHastPlugin({
  name: 'tables',
  element: {
    filter: ['table'],
    visit(node, context) {
      const head = node.children.find(({ type }) => type === 'element');
      const headings = context
        .textContent(head ?? node)
        .trim()
        .split(/\s*\n\s*/);
      const ariaLabel = `Table: ${headings.filter(Boolean).join(', ')}`;
      context.wrapNode(node, {
        type: 'element',
        tagName: 'div',
        properties: { className: ['table-box'], tabIndex: 0, role: 'region', ariaLabel },
        children: [],
      });
    },
  },
});
