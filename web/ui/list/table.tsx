import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Tone } from '../layout/tone.ts';

export interface TableColumn<T> {
  key: string;
  title: string;
  draw: (row: T, index: number) => ReactNode;
  align?: 'left' | 'right' | 'center';
  /** CSS width. */
  width?: number | string;
  /** How many of twelve parts of the line the cell takes on a phone. */
  narrow?: number;
  /** On a phone its title stands above the value, as it does above a field. */
  named?: boolean;
}

/**
 * A small table drawn whole (a prescription, charges, results): for lists that may grow use `DataList`. Where columns
 * say how wide they are on a phone, a line stands there as a card instead of being squeezed.
 */
export function Table<T>(props: {
  label: string;
  columns: readonly TableColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T, index: number) => string;
  tone?: (row: T) => Extract<Tone, 'danger' | 'look'> | undefined;
  /** Cells stand close: for tables whose cells are fields. */
  dense?: boolean;
  /** Cells of the last line, by column key. */
  foot?: Readonly<Record<string, ReactNode>>;
  empty?: ReactNode;
}) {
  const [scroll, isWide] = useWide();
  if (props.rows.length === 0 && props.empty) return props.empty;
  const stacks = props.columns.some((column) => column.narrow !== undefined) || undefined;
  const role = (name: string) => stacks && name;
  return (
    <div className="yb-table-wrap" ref={scroll} tabIndex={isWide ? 0 : undefined}>
      <table
        className="yb-table"
        aria-label={props.label}
        role={role('table')}
        data-dense={props.dense || undefined}
        data-stacks={stacks}
      >
        <thead role={role('rowgroup')}>
          <tr role={role('row')}>
            {props.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                role={role('columnheader')}
                data-align={column.align}
                style={{ width: column.width }}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role={role('rowgroup')}>
          {props.rows.map((row, index) => (
            <tr key={props.rowKey(row, index)} role={role('row')} data-tone={props.tone?.(row)}>
              {props.columns.map((column) => (
                <td
                  key={column.key}
                  role={role('cell')}
                  data-align={column.align}
                  data-title={stacks && column.title}
                  data-named={column.named || undefined}
                  style={{ '--narrow': column.narrow } as CSSProperties}
                >
                  {column.draw(row, index)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {props.foot && (
          <tfoot>
            <tr>
              {props.columns.map((column) => (
                <td key={column.key} data-align={column.align}>
                  {props.foot?.[column.key]}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/** A table that is wider than its place is scrolled by the keyboard too, so it is a stop of it. */
function useWide() {
  const scroll = useRef<HTMLDivElement>(null);
  const [isWide, setIsWide] = useState(false);
  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box) return;
    const look = () => setIsWide(box.scrollWidth > box.clientWidth);
    const resized = new ResizeObserver(look);
    resized.observe(box);
    return () => resized.disconnect();
  }, []);
  return [scroll, isWide] as const;
}
