/** Made by src/build/site-data.ts. */
declare module 'virtual:site-data' {
  export const data: import('./catalog/index.ts').CatalogData;
  export const revision: import('./build/revision.ts').Revision;
}
