import type { Bar, Table } from '../lib/report.ts';
import type { Workshop } from '../workshop.ts';

/** One part of the bench: what it measures can be asked for alone. */
export interface Part {
  title: string;
  /** How it measures, for readers of the figures. */
  method: string[];
  measure(workshop: Workshop): Promise<{
    tables: Table[];
    bars: Bar[];
    browser?: string;
    /** How often each thing was measured, where the part decides that by itself. */
    runs?: number;
  }>;
}
