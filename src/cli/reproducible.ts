/** `npm run reproducible`: compares `dist` with builds of the same commit that are made elsewhere. */
import { reproduce } from '../build/reproduce.ts';

try {
  const different = await reproduce(process.cwd());
  for (const file of different) {
    console.error(`dist/${file}: is not the same in another build of this commit`);
  }
  if (different.length === 0) {
    console.log(
      'Other builds of this commit, made in another place and after an edit, have the same bytes.',
    );
  } else {
    console.error(
      `${different.length} files differ. Is dist of this commit? npm run build makes it.`,
    );
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
