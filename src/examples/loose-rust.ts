import { parser } from '@lezer/rust';
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { attributeOf, textOf } from '../built-site/tree.ts';
import type { Problem } from '../catalog/report.ts';

/** Most blocks of Rust on a page that were not run. */
const outlinesPerPage = 2;
/** Sections in which every block must have been run. */
const runSections = new Set(['Start', 'Recipes']);

/** Items by which a text is recognised as Rust, in the names of the grammar. */
const items = new Set([
  'FunctionItem',
  'StructItem',
  'EnumItem',
  'ImplItem',
  'TraitItem',
  'UseDeclaration',
  'ModItem',
  'ConstItem',
  'StaticItem',
  'TypeItem',
  'MacroDefinition',
  'ExternCrateDeclaration',
  'UnionItem',
]);

/**
 * Refuses Rust on a built page that nobody compiled: a block that is tagged as Rust, or is tagged as
 * text or nothing and parses as Rust items, stands inside an example or says why it was not run.
 */
export function looseRust(file: string, document: Tree.Document): Problem[] {
  const problems: Problem[] = [];
  let section = '';
  let outlines = 0;
  const visit = (node: Tree.ChildNode, inExample: boolean, reason: string | undefined): void => {
    if (!('tagName' in node)) return;
    const attribute = (name: string) => attributeOf(node, name);
    if (node.tagName === 'h2') section = textOf(node).trim();
    const inside = inExample || attribute('data-example') !== undefined;
    const notRun = attribute('data-not-run') ?? reason;
    if (node.tagName === 'pre') {
      const text = textOf(node);
      if (inside || !isRust(languageOf(node), text)) return;
      const first = text.trim().split('\n', 1)[0]?.slice(0, 60) ?? '';
      if (!notRun?.trim()) {
        problems.push({
          file,
          what: `the Rust '${first}' was not run`,
          mend: 'make it an example in content/examples, or tag the fence with not-run: and the reason',
        });
        return;
      }
      outlines++;
      if (runSections.has(section)) {
        problems.push({
          file,
          what: `the outline '${first}' stands in ${section}`,
          mend: 'show an example that ran there',
        });
      }
      if (outlines > outlinesPerPage) {
        problems.push({
          file,
          what: `'${first}' is outline number ${outlines} on the page`,
          mend: `keep at most ${outlinesPerPage}`,
        });
      }
      return;
    }
    for (const child of node.childNodes) visit(child, inside, notRun);
  };
  for (const child of document.childNodes) visit(child, false, undefined);
  return problems;
}

/** The language of a block, by any of the spellings that renderers use. */
function languageOf(pre: Tree.Element): string {
  const code = pre.childNodes.find((node) => 'tagName' in node && node.tagName === 'code');
  const named = [pre, ...(code && 'attrs' in code ? [code] : [])].flatMap(({ attrs }) =>
    attrs.flatMap(({ name, value }) => {
      if (name === 'data-language' || name === 'data-lang') return [value];
      return name === 'class'
        ? [...value.matchAll(/\blang(?:uage)?-(\S+)/g)].map(([, l = '']) => l)
        : [];
    }),
  );
  return named[0]?.toLowerCase() ?? '';
}

function isRust(language: string, text: string): boolean {
  if (/^(rust|rs)\b/.test(language)) return true;
  if (!/^(text|txt|plain|plaintext|none)?$/.test(language)) return false;
  let found = false;
  let broken = false;
  parser.parse(text).iterate({
    enter: ({ name, type }) => {
      if (type.isError) broken = true;
      if (items.has(name)) found = true;
    },
  });
  return found && !broken;
}
