import { Menu } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { Dialog } from '../feedback/dialog.tsx';
import { toast } from '../feedback/toast.tsx';
import { Button } from '../form/button.tsx';
import { TextField } from '../form/text-field.tsx';
import { t } from '../i18n/language.ts';
import { IconStar, IconTrash } from '../icons.ts';
import { navigate, useAddress } from '../route/route.ts';

const PREFIX = 'yba.views.';
const listeners = new Set<() => void>();

interface View {
  name: string;
  /** Filters as they stand in the URL: `?loc=waiting`. */
  query: string;
}

/** Filters of a list under a name of one's own, kept on this machine; the query holds filters, no person. */
export function SavedViews(props: { listId: string }) {
  const { path, query } = useAddress();
  const views = useViews(props.listId);
  const [naming, setNaming] = useState(false);
  const known = views.some((view) => view.query === query);
  if (views.length === 0 && query === '') return null;
  const remove = (view: View) => {
    write(
      props.listId,
      views.filter((one) => one !== view),
    );
    toast({
      text: t('ui.views.removed', 'Đã xóa bộ lọc {name}', { name: view.name }),
      undo: () => write(props.listId, views),
    });
  };
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} classNames={{ dropdown: 'yb-popover' }}>
        <Menu.Target>
          <button
            type="button"
            className="yb-button"
            data-kind="quiet"
            data-small
            data-icon-only
            aria-label={t('ui.views', 'Bộ lọc đã lưu')}
            title={t('ui.views', 'Bộ lọc đã lưu')}
          >
            <IconStar size={18} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => navigate(path + view.query)}>
              {view.name}
            </Menu.Item>
          ))}
          {query !== '' && !known && (
            <Menu.Item onClick={() => setNaming(true)}>
              {t('ui.views.keep', 'Lưu bộ lọc đang xem…')}
            </Menu.Item>
          )}
          {views
            .filter((view) => view.query === query)
            .map((view) => (
              <Menu.Item key={view.name} leftSection={<IconTrash size={18} />} onClick={() => remove(view)}>
                {t('ui.views.remove', 'Xóa bộ lọc {name}', { name: view.name })}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      <NameDialog
        opened={naming}
        onClose={() => setNaming(false)}
        onName={(name) =>
          write(props.listId, [...views.filter((view) => view.name !== name), { name, query }])
        }
      />
    </>
  );
}

function NameDialog(props: { opened: boolean; onClose: () => void; onName: (name: string) => void }) {
  const [name, setName] = useState('');
  const keep = () => {
    if (name.trim() === '') return;
    props.onName(name.trim());
    setName('');
    props.onClose();
  };
  return (
    <Dialog
      title={t('ui.views.name', 'Đặt tên bộ lọc')}
      opened={props.opened}
      onClose={props.onClose}
      width={400}
      acts={
        <Button kind="primary" onPress={keep} disabled={name.trim() === ''}>
          {t('ui.views.save', 'Lưu bộ lọc')}
        </Button>
      }
    >
      <TextField
        label={t('ui.views.label', 'Tên')}
        value={name}
        onChange={setName}
        onEnter={keep}
        maxLength={40}
        autoFocus
      />
    </Dialog>
  );
}

function useViews(listId: string): View[] {
  const kept = useSyncExternalStore(subscribe, () => window.localStorage.getItem(PREFIX + listId) ?? '[]');
  try {
    return JSON.parse(kept) as View[];
  } catch {
    return [];
  }
}

function write(listId: string, views: View[]): void {
  window.localStorage.setItem(PREFIX + listId, JSON.stringify(views));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
