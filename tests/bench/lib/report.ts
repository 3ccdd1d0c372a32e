import type { Measurement, Unit } from '../../../src/catalog/schema/measurement.ts';
import { formatMeasured } from '../../../src/components/format.ts';

export type Table = Measurement['tables'][number];
export type Row = Table['rows'][number];
export type Bar = Measurement['bars'][number];

/** A row of a table; figures that are missing stay so. */
export function row(what: string, unit: Unit, values: readonly (number | undefined)[]): Row {
  return { what, unit, values: values.map((value) => value ?? null) };
}

/** A limit and what was measured against it. */
export function bar(
  what: string,
  unit: Unit,
  measured: number | undefined,
  limit: number | undefined,
): Bar[] {
  // A limit that is made of what a peer does cannot be judged where that peer was left out.
  return limit === undefined ? [] : [{ what, unit, measured: measured ?? null, limit }];
}

/** The tables and bars of a part, for a terminal. Behind a peer's figure stands its ratio to ours. */
export function formatMeasurement({ title, runs, tables, bars }: Measurement): string {
  const lines = ['', `${title} (medians of ${runs} runs)`];
  for (const table of tables) {
    const cells = table.rows.map(({ what, unit, values }) => [
      what,
      ...values.map((value, i) => {
        const own = values[0];
        const ratio = i > 0 && value !== null && own ? ` (${(value / own).toFixed(2)})` : '';
        return formatMeasured(value, unit) + ratio;
      }),
    ]);
    lines.push('', ...aligned([[table.title, ...table.tools], ...cells]));
  }
  if (bars.length > 0) {
    const cells = bars.map(({ what, unit, measured, limit }) => [
      measured === null ? 'NOT MEASURED' : measured <= limit ? 'met' : 'NOT MET',
      what,
      formatMeasured(measured, unit),
      `at most ${formatMeasured(limit, unit)}`,
    ]);
    lines.push('', ...aligned([['bar', 'what', 'measured', 'limit'], ...cells]));
  }
  return lines.join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, i) =>
    Math.max(...rows.map((cells) => cells[i]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
