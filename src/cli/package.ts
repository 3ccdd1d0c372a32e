/** `npm run package`: compressed twins and headers in `dist`, server configurations in `dist-hosting`. */
import { NoBuiltSite, packageSite } from '../hosting/package.ts';

const started = Date.now();
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
try {
  const { files, plain, br, gz } = await packageSite(process.cwd());
  console.log(
    `Packaged dist in ${((Date.now() - started) / 1000).toFixed(1)} s: ${files} text files, ` +
      `${megabytes(plain)}; with brotli ${megabytes(br)}, with gzip ${megabytes(gz)}. ` +
      'Configurations for nginx and Caddy are in dist-hosting.',
  );
} catch (error) {
  if (!(error instanceof NoBuiltSite)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
