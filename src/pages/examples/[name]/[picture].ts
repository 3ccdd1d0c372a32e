/** Serves the pictures that examples made when they were recorded. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { examples } from '../../../components/catalog.ts';

export const getStaticPaths: GetStaticPaths = () =>
  Object.values(examples).flatMap(({ name, artifacts }) =>
    Object.keys(artifacts).map((picture) => ({ params: { name, picture } })),
  );

export const GET: APIRoute = ({ params }) => {
  const content = examples[params.name ?? '']?.artifacts[params.picture ?? ''];
  if (content === undefined) return new Response(null, { status: 404 });
  return new Response(Buffer.from(content, 'base64'), {
    headers: { 'content-type': 'image/svg+xml' },
  });
};
