import type { Browser } from 'puppeteer-core';

/**
 * Where two pictures of one size differ by more than a rounding.
 *
 * @param pictures two PNG files, in base64
 * @param tolerance steps of a colour, of 255, that count as the same: text may differ by one or two when
 *   it is painted on a layer of its own, the curved edge of an icon by more when it is painted anew
 * @returns nothing where they are the same, or else how many pixels differ, and in which rectangle
 */
export async function difference(
  browser: Browser,
  pictures: string[],
  tolerance = 2,
): Promise<string | undefined> {
  const page = await browser.newPage();
  const found = await page.evaluate(
    async (sources, most) => {
      const [one, two] = await Promise.all(
        sources.map(async (source) => {
          const image = new Image();
          image.src = `data:image/png;base64,${source}`;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context?.drawImage(image, 0, 0);
          return context?.getImageData(0, 0, image.width, image.height);
        }),
      );
      if (!one || !two || one.data.length !== two.data.length) return 'they differ in size';
      const differing = new Set<number>();
      one.data.forEach((value, at) => {
        if (Math.abs(value - (two.data[at] ?? 0)) > most) differing.add(at >> 2);
      });
      if (differing.size === 0) return undefined;
      const range = (values: number[]) => `${Math.min(...values)} to ${Math.max(...values)}`;
      const x = range([...differing].map((at) => at % one.width));
      const y = range([...differing].map((at) => Math.floor(at / one.width)));
      return `${differing.size} pixels differ, x ${x}, y ${y}`;
    },
    pictures,
    tolerance,
  );
  await page.close();
  return found;
}
