import { type CssNode, generate, ident, parse, type Selector, walk } from 'css-tree';

/** What must be on a page for a selector to match: names, and of each group one alternative. */
interface Need {
  names: string[];
  groups: Need[][];
}

interface Declaration {
  text: string;
  property: string;
  /** Custom properties that its value refers to. */
  refers: string[];
}

interface Rule {
  /** At-rules around it, outermost first. */
  within: string[];
  selectors: { text: string; need: Need }[];
  declarations: Declaration[];
}

/** Pseudo-classes that hold selectors of which one must match. */
const alternatives = new Set(['is', 'where', 'has', 'matches', '-webkit-any', '-moz-any']);

const paper = '@media print';

/** A style sheet that can tell which part of it a page needs. */
export class StyleSheet {
  private readonly rules: Rule[];
  private readonly printed: Rule[];
  private readonly elsewhere: string[];
  private readonly done = new Map<string, string>();

  /**
   * @param css text of the sheet
   * @param elsewhere text of what else may refer to the custom properties that are defined here
   * @throws where a rule could not be read, or an at-rule is not one that can be taken apart
   */
  constructor(css: string, elsewhere: string) {
    const all = withoutOverridden(readRules(css));
    const forPrint = (rule: Rule) => rule.within.includes(paper);
    this.rules = all.filter((rule) => !forPrint(rule));
    this.printed = all.filter(forPrint);
    this.elsewhere = propertiesIn(elsewhere);
  }

  /** The rules for paper, whatever the page. */
  print(): string {
    return write(this.printed);
  }

  /**
   * The rules for the screen that can match on a page, with the custom properties that they use.
   *
   * @param names what is on the page, as from `namesOn`
   */
  screen(names: ReadonlySet<string>): string {
    const kept = this.rules.flatMap((rule, at) => {
      if (rule.selectors.length === 0) return [{ rule, at, text: '' }];
      const selectors = rule.selectors.filter(({ need }) => canMatch(need, names));
      const text = selectors.map((selector) => selector.text).join(',');
      return text === '' ? [] : [{ rule: { ...rule, selectors }, at, text }];
    });
    const key = kept.map(({ at, text }) => `${at} ${text}`).join('\n');
    const known = this.done.get(key);
    if (known !== undefined) return known;
    const css = write(
      withUsedProperties(
        kept.map(({ rule }) => rule),
        this.printed,
        this.elsewhere,
      ),
    );
    this.done.set(key, css);
    return css;
  }
}

/** Custom properties that a text refers to. */
function propertiesIn(text: string): string[] {
  return [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name = '']) => name);
}

function readRules(css: string): Rule[] {
  const rules: Rule[] = [];
  const read = (node: CssNode, within: string[]): void => {
    if (node.type === 'StyleSheet' || node.type === 'Block') {
      node.children.forEach((child) => {
        read(child, within);
      });
    } else if (node.type === 'Atrule') {
      const head = `@${node.name}${node.prelude ? ` ${generate(node.prelude)}` : ''}`;
      if (node.block && /^(media|supports|layer|container)$/.test(node.name)) {
        read(node.block, [...within, head]);
      } else {
        // Kept as it is: the order of layers, fonts, key frames.
        rules.push({
          within,
          selectors: [],
          declarations: [{ text: generate(node), property: '', refers: [] }],
        });
      }
    } else if (node.type === 'Rule') {
      if (node.prelude.type !== 'SelectorList') throw new Error(`not read: ${generate(node)}`);
      rules.push({
        within,
        selectors: node.prelude.children.toArray().map((selector) => ({
          text: generate(selector),
          need: needOf(selector as Selector),
        })),
        declarations: node.block.children.toArray().map((declaration) => {
          if (declaration.type !== 'Declaration') {
            throw new Error(`not read: ${generate(declaration)}`);
          }
          const text = generate(declaration);
          return { text, property: declaration.property, refers: propertiesIn(text) };
        }),
      });
    }
  };
  const tree = parse(css, {
    onParseError: (error) => {
      throw error;
    },
  });
  walk(tree, (node) => {
    // In a page, an address would be taken from the page's own.
    if (node.type === 'Url' && !/^(data:|https?:|[/#])/.test(node.value)) {
      throw new Error(`an address that does not begin at the root: ${node.value}`);
    }
  });
  read(tree, []);
  return rules;
}

function needOf(selector: Selector): Need {
  const need: Need = { names: [], groups: [] };
  selector.children.forEach((part) => {
    if (part.type === 'ClassSelector') need.names.push(`.${ident.decode(part.name)}`);
    else if (part.type === 'IdSelector') need.names.push(`#${ident.decode(part.name)}`);
    else if (part.type === 'TypeSelector' && part.name !== '*') need.names.push(part.name);
    else if (part.type === 'PseudoClassSelector' && alternatives.has(part.name)) {
      const [list] = part.children?.toArray() ?? [];
      if (list?.type === 'SelectorList') {
        need.groups.push(list.children.toArray().map((child) => needOf(child as Selector)));
      }
    }
  });
  return need;
}

/** Attributes and states are not asked for: scripts and readers change them. */
function canMatch({ names, groups }: Need, present: ReadonlySet<string>): boolean {
  return (
    names.every((name) => present.has(name)) &&
    groups.every((group) => group.some((need) => canMatch(need, present)))
  );
}

/**
 * Leaves out what a rule in a layer declares and a rule of the same selectors, in no layer and under
 * no condition, declares too: the latter wins always.
 */
function withoutOverridden(rules: Rule[]): Rule[] {
  const selectorsOf = ({ selectors }: Rule) => selectors.map(({ text }) => text).join(',');
  const winners = new Map<string, Set<string>>();
  for (const rule of rules.filter(({ within }) => within.length === 0)) {
    const properties = winners.get(selectorsOf(rule)) ?? new Set();
    for (const { property } of rule.declarations) properties.add(property);
    winners.set(selectorsOf(rule), properties);
  }
  return rules.map((rule) => {
    const own = winners.get(selectorsOf(rule));
    if (!own || rule.selectors.length === 0) return rule;
    if (!rule.within.some((head) => head.startsWith('@layer'))) return rule;
    const declarations = rule.declarations.filter(
      ({ property, text }) => !own.has(property) || text.endsWith('!important'),
    );
    return { ...rule, declarations };
  });
}

/** Leaves out custom properties that nothing refers to, not even by way of others. */
function withUsedProperties(rules: Rule[], printed: Rule[], elsewhere: string[]): Rule[] {
  const definitions = new Map<string, string[]>();
  const used = new Set<string>();
  const use = (name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    for (const other of definitions.get(name) ?? []) use(other);
  };
  const all = [...rules, ...printed].flatMap(({ declarations }) => declarations);
  for (const { property, refers } of all) {
    if (property.startsWith('--')) {
      definitions.set(property, [...(definitions.get(property) ?? []), ...refers]);
    }
  }
  for (const { property, refers } of all) if (!property.startsWith('--')) refers.forEach(use);
  elsewhere.forEach(use);
  return rules.map((rule) => ({
    ...rule,
    declarations: rule.declarations.filter(
      ({ property }) => !property.startsWith('--') || used.has(property),
    ),
  }));
}

/** Writes rules in their order; neighbours under the same at-rules share them. */
function write(rules: Rule[]): string {
  let css = '';
  let open: string[] = [];
  for (const { within, selectors, declarations } of rules) {
    if (declarations.length === 0) continue;
    let shared = 0;
    while (shared < open.length && open[shared] === within[shared]) shared++;
    css += '}'.repeat(open.length - shared);
    css += within
      .slice(shared)
      .map((head) => `${head}{`)
      .join('');
    open = within;
    const text = declarations.map((declaration) => declaration.text).join(';');
    css += selectors.length === 0 ? text : `${selectors.map((s) => s.text).join(',')}{${text}}`;
  }
  return css + '}'.repeat(open.length);
}
