import { defineHastPlugin, htmlToHast } from 'satteri';
import { escapeHtml, highlight } from './highlight.ts';

/** Renders fenced code: highlighted by classes, focusable so that it can be scrolled by keyboard. */
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
      const text = context.textContent(code).replace(/\n$/, '');
      const block =
        `<div class="code-box"><pre class="code" tabindex="0" data-language="${language}">` +
        `<code>${highlight(text, language)}</code></pre></div>`;
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

/** Gives every table a box of its own to scroll in, so that the page never scrolls sideways. */
export const tables = defineHastPlugin({
  name: 'tables',
  element: {
    filter: ['table'],
    visit(node, context) {
      context.wrapNode(node, {
        type: 'element',
        tagName: 'div',
        properties: { className: ['table-box'], tabIndex: 0, role: 'region', ariaLabel: 'Table' },
        children: [],
      });
    },
  },
});
