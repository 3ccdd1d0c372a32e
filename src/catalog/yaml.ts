import { isMap, isNode, isPair, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { parseJson } from '../files.ts';
import type { Problem } from './report.ts';

/** A parsed YAML (or JSON) file that still knows on which line each value stands. */
export interface Located {
  /** The plain value, as JavaScript data. */
  value: unknown;
  /** Line (from 1) of the value at a path, or of its closest parent that is there. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Longest text a single value may have; a longer one is a paste gone wrong, not a fact. */
const longestValue = 4_000;

/**
 * Parses YAML text, keeping positions. JSON is YAML, so snapshots come through here too; they are large,
 * and where nothing is wrong with them, nobody asks for positions.
 *
 * @returns the located value, or the problems that keep it from being read
 */
export function parseYaml(file: string, text: string): Located | Problem[] {
  if (text.trim() === '') {
    return [{ file, what: 'the file is empty', mend: 'write the record, or delete the file' }];
  }
  const lines = new LineCounter();
  let parsed: ReturnType<typeof parseDocument> | undefined;
  const document = () => {
    parsed ??= parseDocument(text, { lineCounter: lines, schema: 'core' });
    return parsed;
  };
  const json = file.endsWith('.json') ? parseJson(text) : undefined;
  if (json === undefined && document().errors.length > 0) {
    return document().errors.map((error) => ({
      file,
      line: lines.linePos(error.pos[0]).line,
      what: `not valid YAML (${firstLine(error.message)})`,
      mend: 'correct the syntax at this line or before it',
    }));
  }

  const lineOf = (path: readonly PropertyKey[]): number => {
    let node: unknown = document().contents;
    let line = startLine(node);
    for (const key of path) {
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => isPair(item) && String(isNode(item.key) ? item.key.toJSON() : item.key) === key,
        );
        if (!pair) break;
        line = startLine(pair.key) ?? line;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(key)];
        line = startLine(node) ?? line;
      } else break;
    }
    return line ?? 1;
  };
  const startLine = (node: unknown): number | undefined => {
    const offset = isNode(node) ? (node as Node).range?.[0] : undefined;
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };

  const value: unknown = json ?? document().toJS();
  const tooLong: Problem[] = [];
  walkStrings(value, [], (path, length) => {
    if (length > longestValue) {
      tooLong.push({
        file,
        line: lineOf(path),
        what: `the value of ${nameOf(path)} has ${length} characters, more than ${longestValue}`,
        mend: 'shorten it; long text belongs on the page',
      });
    }
  });
  if (tooLong.length > 0) return tooLong;
  return { value, lineOf };
}

/**
 * Checks a located value against a schema.
 *
 * @returns the typed value, or one problem per thing that does not fit, each at its line
 */
export function validate<T>(
  file: string,
  located: Located,
  schema: z.ZodType<T>,
): { value: T } | { problems: Problem[] } {
  const result = schema.safeParse(located.value);
  if (result.success) return { value: result.data };
  return {
    problems: result.error.issues.flatMap(closest).flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          file,
          line: located.lineOf([...issue.path, key]),
          what: `unknown key '${key}'${issue.path.length > 0 ? ` in ${nameOf(issue.path)}` : ''}`,
          mend: 'remove it, or correct its spelling',
        }));
      }
      const [what, mend] = wording(issue);
      return [{ file, line: located.lineOf(issue.path), what, mend }];
    }),
  };
}

/** Of a value with several allowed forms, the refusals of the form that it comes closest to. */
function closest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const forms = issue.errors.toSorted((a, b) => a.length - b.length);
  const best = forms.findLast((form) => form.length === forms[0]?.length) ?? [];
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(closest);
}

/** What is wrong and how to mend it, for one refusal of a schema. */
function wording(issue: z.core.$ZodIssue): [what: string, mend: string] {
  const name = issue.path.length > 0 ? `'${nameOf(issue.path)}'` : 'the file';
  // Our own schemas say both halves themselves, separated by ': '.
  const [own, mend] = issue.message.split(': ', 2);
  if (own && mend && !issue.message.startsWith('Invalid')) return [`${name} ${own}`, mend];
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('received undefined')
        ? [`${name} is missing`, 'add it']
        : [`${name} must be ${article(issue.expected)}`, `write ${article(issue.expected)}`];
    case 'invalid_value':
      return [`${name} is not one of the allowed words`, `write ${issue.values.join(', ')}`];
    case 'too_small':
      return [`${name} is empty`, 'fill it, or remove it'];
    default:
      return [`${name}: ${issue.message}`, 'correct it'];
  }
}

function article(type: string): string {
  return type === 'object' ? 'a map' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** A path as people write it: `facts.release.read`, `history[2].date`. */
export function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

function walkStrings(
  value: unknown,
  path: PropertyKey[],
  visit: (path: PropertyKey[], length: number) => void,
): void {
  if (typeof value === 'string') visit(path, value.length);
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) walkStrings(item, [...path, i], visit);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) walkStrings(item, [...path, key], visit);
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? text;
}
