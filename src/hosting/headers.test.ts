import { expect, test } from 'vitest';
import { renderHeaders, securityHeaders } from './headers.ts';

test('the file for static hosts says what each glob carries, and joins nothing', () => {
  const { headersFile } = renderHeaders({ 'X-One': 'a', 'X-Two': "b 'c'" });
  expect(headersFile.split('\n').slice(0, 6)).toEqual([
    '/*',
    '  X-One: a',
    "  X-Two: b 'c'",
    '/_astro/*',
    '  Cache-Control: public, max-age=31536000, immutable',
    '/pagefind/fragment/*',
  ]);
  // Hosts join the values of one header from all rules that match; every file matches the first.
  const forAll = headersFile.slice(0, headersFile.indexOf('/_astro/'));
  expect(forAll).not.toContain('Cache-Control');
});

test('the policy reaches every kind of host', () => {
  const policy = "default-src 'none'; frame-ancestors 'none'";
  const { headersFile, nginx, caddy } = renderHeaders(securityHeaders(policy));
  expect(headersFile).toContain(`\n  Content-Security-Policy: ${policy}\n`);
  expect(nginx.headers).toContain(`add_header Content-Security-Policy "${policy}" always;`);
  expect(caddy.headers).toContain(`header Content-Security-Policy "${policy}"`);
});

test.for(['a"b', 'a\nX-Other: b', '{path}', '$uri', 'a\\'])('%j is refused as a value', (value) => {
  expect(() => renderHeaders({ 'X-One': value })).toThrow('the header X-One holds');
});
