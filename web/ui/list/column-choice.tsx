import { Menu } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { CheckBox } from '../form/check-list.tsx';
import { t } from '../i18n/language.ts';
import { IconColumns3 } from '../icons.ts';

const PREFIX = 'yba.columns.';
const listeners = new Set<() => void>();

/** Columns the person hid in a list, remembered on this machine. */
export function useHiddenColumns(listId: string): ReadonlySet<string> {
  const kept = useSyncExternalStore(subscribe, () => window.localStorage.getItem(PREFIX + listId) ?? '');
  return new Set(kept.split(',').filter(Boolean));
}

/** A button that offers the optional columns; nothing when there are none. */
export function ColumnChoice(props: {
  listId: string;
  columns: readonly { key: string; title: string; optional?: boolean }[];
}) {
  const hidden = useHiddenColumns(props.listId);
  const optional = props.columns.filter((column) => column.optional);
  if (optional.length === 0) return null;
  const show = (key: string, on: boolean) => {
    const next = new Set(hidden);
    if (on) next.delete(key);
    else next.add(key);
    window.localStorage.setItem(PREFIX + props.listId, [...next].join(','));
    for (const listener of listeners) listener();
  };
  return (
    <Menu
      position="bottom-end"
      closeOnItemClick={false}
      transitionProps={{ duration: 0 }}
      classNames={{ dropdown: 'yb-popover' }}
    >
      <Menu.Target>
        <button
          type="button"
          className="yb-button"
          data-kind="quiet"
          data-small
          data-icon-only
          aria-label={t('ui.list.columns', 'Chọn cột')}
          title={t('ui.list.columns', 'Chọn cột')}
        >
          <IconColumns3 size={18} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '4px 12px' }}>
          {optional.map((column) => (
            <CheckBox
              key={column.key}
              label={column.title}
              checked={!hidden.has(column.key)}
              onChange={(on) => show(column.key, on)}
            />
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
