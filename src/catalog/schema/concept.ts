import { z } from 'zod';
import { recordBase } from './common.ts';

/** An idea that several systems of the catalog share. One file in content/catalog/concepts. */
export const concept = z.strictObject({ ...recordBase });
export type Concept = z.infer<typeof concept>;
