import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { filesBelow } from '../files.ts';

/** Text, that is. What Pagefind writes for itself is compressed already, and so are pictures. */
const text = /\.(?:html|css|m?js|json|svg|xml|txt|md|webmanifest)$/;

// Quality 11 makes this site's pages a tenth smaller than 9 and takes twenty times as long: paid
// once a release, gained at every view.
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
const gzipOptions = { level: 9 };

/** How a file is compressed, by the ending of its twin. */
const encodings = {
  br: (content: Buffer): Promise<Buffer> => promisify(brotliCompress)(content, brotliOptions),
  gz: (content: Buffer): Promise<Buffer> => promisify(gzip)(content, gzipOptions),
};

/** Sizes in bytes, of all text files together. */
export interface Twins {
  files: number;
  plain: number;
  br: number;
  gz: number;
}

/**
 * Writes a brotli and a gzip twin beside every text file, `index.html.br` and `index.html.gz`, for
 * servers that send files as they are. A twin that would not be smaller is left out.
 *
 * @param folder the finished site
 */
export async function writeTwins(folder: string): Promise<Twins> {
  const files = (await filesBelow(folder)).filter((file) => text.test(file));
  const sizes = { files: files.length, plain: 0, br: 0, gz: 0 };
  const queue = files.values();
  const work = async () => {
    for (const file of queue) {
      const name = path.join(folder, file);
      const content = await readFile(name);
      sizes.plain += content.length;
      for (const ending of ['br', 'gz'] as const) {
        const twin = await encodings[ending](content);
        const smaller = twin.length < content.length;
        sizes[ending] += smaller ? twin.length : content.length;
        if (smaller) await writeFile(`${name}.${ending}`, twin);
        else await rm(`${name}.${ending}`, { force: true });
      }
    }
  };
  // zlib compresses on threads of its own, so that this fills every core.
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return sizes;
}
