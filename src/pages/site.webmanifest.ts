/** Says what the site is when it is installed. Its addresses are relative: it may lie under any path. */
import type { APIRoute } from 'astro';
import { site } from '../site.ts';

const icon = (size: number, purpose: 'any' | 'maskable') => ({
  src: `icons/${size}.png`,
  sizes: `${size}x${size}`,
  type: 'image/png',
  purpose,
});

export const GET: APIRoute = () =>
  new Response(
    JSON.stringify({
      name: site.title,
      short_name: site.title,
      description: site.description,
      lang: 'en',
      start_url: 'index.html',
      scope: './',
      display: 'minimal-ui',
      // Drawn from public/favicon.svg, in few colours to be small. The large one fills its square with
      // the crate in the middle, so that a system may cut it to any shape.
      icons: [icon(192, 'any'), icon(512, 'any'), icon(512, 'maskable')],
      theme_color: '#fffdfa',
      background_color: '#fffdfa',
    }),
    { headers: { 'content-type': 'application/manifest+json' } },
  );
