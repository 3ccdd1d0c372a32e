import type { BuiltSite } from '../built-site/built-site.ts';

/** The script that `writeSearchFromDisk` writes, relative to the site. */
const script = 'pagefind/disk-index.js';

/**
 * Writes the files of a Pagefind index a second time, as one classic script, because a browser that
 * opened a page from disk refuses requests. The script sets `globalThis.pagefindFiles` to the files in
 * base64, by name; whoever asks the index reads them there. It is loaded on first use, and only from disk.
 */
export async function writeSearchFromDisk(site: BuiltSite): Promise<void> {
  const files: Record<string, string> = {};
  for (const file of [...site.files].sort()) {
    const [, name] = /^pagefind\/(.+\.(?:json|pf_\w+|pagefind))$/.exec(file) ?? [];
    if (name !== undefined) files[name] = (await site.bytes(file)).toString('base64');
  }
  await site.write(script, `globalThis.pagefindFiles=${JSON.stringify(files)};\n`);
}
