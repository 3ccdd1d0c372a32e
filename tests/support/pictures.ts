import type { Browser } from 'puppeteer-core';

/**
 * Where two pictures of one size differ by more than a rounding: the same text, on a layer of its own
 * or not, may differ by one step of a colour.
 *
 * @param pictures two PNG files, in base64
 * @returns nothing where they are the same, or else how many pixels differ, and in which rectangle
 */
export async function difference(
  browser: Browser,
  pictures: string[],
): Promise<string | undefined> {
  const page = await browser.newPage();
  const found = await page.evaluate(async (sources) => {
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
      if (Math.abs(value - (two.data[at] ?? 0)) > 2) differing.add(at >> 2);
    });
    if (differing.size === 0) return undefined;
    const range = (values: number[]) => `${Math.min(...values)} to ${Math.max(...values)}`;
    const x = range([...differing].map((at) => at % one.width));
    const y = range([...differing].map((at) => Math.floor(at / one.width)));
    return `${differing.size} pixels differ, x ${x}, y ${y}`;
  }, pictures);
  await page.close();
  return found;
}
