import { data, examples, revision } from 'virtual:site-data';
import { Catalog } from '../catalog/index.ts';
import { sections as sectionsOf } from '../navigation/navigation.ts';

/** The catalog of this build; the only way by which components come to facts. */
export const catalog = new Catalog(data);
/** The sections of this build, with their pages. */
export const sections = sectionsOf(catalog);
export { examples, revision };

/**
 * Id of the page that is being rendered, as the catalog knows it: `libraries/raft-rs`.
 *
 * @param locals `Astro.locals` of the component
 */
export function pageOf(locals: App.Locals): string {
  const { id } = locals.starlightRoute;
  return catalog.data.pages[id] ? id : `${id}/index`.replace(/^\//, '');
}

/** The library whose page is being rendered; an error on any other page. */
export function libraryOf(locals: App.Locals) {
  const found = catalog.recordOf(pageOf(locals));
  if (found?.kind !== 'libraries') throw new Error(`'${pageOf(locals)}' is not a library's page`);
  return found;
}

/** The project whose page is being rendered; an error on any other page. */
export function projectOf(locals: App.Locals) {
  const found = catalog.recordOf(pageOf(locals));
  if (found?.kind !== 'projects') throw new Error(`'${pageOf(locals)}' is not a project's page`);
  return found;
}
