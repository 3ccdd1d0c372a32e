import { expect, test } from 'vitest';
import { addressOf, fileAt, inLanes } from './store.ts';

const root = 'https://a.example/b/';

test.for([
  ['https://a.example/b/', 'index.html'],
  ['https://a.example/b/c/', 'c/index.html'],
  ['https://a.example/b/c/d', 'c/d.html'],
  ['https://a.example/b/c/d.html?q=1#x', 'c/d.html'],
  ['https://a.example/b/f%C3%BCr%20dich/x.svg', 'für dich/x.svg'],
  ['https://a.example/other/', undefined],
  ['https://a.example/b/%zz', undefined],
] as const)('%s is %s', ([address, file]) => {
  expect(fileAt(address, root)).toBe(file);
});

test.for(['index.html', 'für dich/a#b?c.svg', 'a:b@c.html'])(
  '%s is found at its address',
  (file) => {
    expect(fileAt(addressOf(file, root), root)).toBe(file);
  },
);

test('a few at a time, and the first error ends it', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const work = inLanes(Array(100).keys(), async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    if (item === 7) throw new Error('seven');
  });
  await expect(work).rejects.toThrow('seven');
  expect(most).toBe(6);
  expect(running).toBe(0);
  expect(begun.length).toBeLessThan(20);
});
