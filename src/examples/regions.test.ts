import { expect, test } from 'vitest';
import { region, regionProblems, regionsOf, withoutMarkers } from './regions.ts';

const text = `fn main() {
    // region: inner
    let a = 1;
        // region: deep
        let b = 2;
        // endregion: deep
    // endregion: inner
}
`;

test('a whole file is shown without its markers', () => {
  expect(withoutMarkers(text)).toBe('fn main() {\n    let a = 1;\n        let b = 2;\n}');
});

test('a region is moved to the margin, nested ones included', () => {
  expect(region(text, 'inner')).toBe('let a = 1;\n    let b = 2;');
  expect(region(text, 'deep')).toBe('let b = 2;');
  expect(region(text, 'none')).toBeUndefined();
  expect(regionsOf(text)).toEqual(['inner', 'deep']);
  expect(regionProblems(text)).toEqual([]);
});

test.for([
  ['// region: a\n', "1: the region 'a' is opened and not closed: close it with // endregion: a"],
  [
    'x\n// endregion: a\n',
    "2: the region 'a' is closed and was not open: open it with // region, or remove the line",
  ],
  [
    '// region: a\n// endregion: a\n// region: a\n// endregion: a\n',
    "3: the region 'a' is opened twice: rename one",
  ],
] as const)('%j', ([source, expected]) => {
  expect(regionProblems(source).map(({ line, what, mend }) => `${line}: ${what}: ${mend}`)).toEqual(
    [expected],
  );
});
