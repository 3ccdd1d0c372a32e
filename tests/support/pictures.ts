import type { Browser } from 'puppeteer-core';

/**
 * How many pixels of two pictures of one size differ by more than a rounding: the same text, on a layer
 * of its own or not, may differ by one step of a colour.
 *
 * @param pictures two PNG files, in base64
 */
export async function differingPixels(browser: Browser, pictures: string[]): Promise<number> {
  const page = await browser.newPage();
  const count = await page.evaluate(async (sources) => {
    const [one, two] = await Promise.all(
      sources.map(async (source) => {
        const image = new Image();
        image.src = `data:image/png;base64,${source}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0);
        return context?.getImageData(0, 0, image.width, image.height).data;
      }),
    );
    if (!one || !two || one.length !== two.length) return Number.POSITIVE_INFINITY;
    const differing = new Set<number>();
    one.forEach((value, at) => {
      if (Math.abs(value - (two[at] ?? 0)) > 2) differing.add(at >> 2);
    });
    return differing.size;
  }, pictures);
  await page.close();
  return count;
}
