import { type ReactNode, useId, useState } from 'react';
import { Button } from '../form/button.tsx';
import { t } from '../i18n/language.ts';
import { Notice } from './notice.tsx';

/** One field of a record that two people changed. */
export interface ConflictField<T> {
  key: keyof T & string;
  label: string;
  /** How the value reads; `String(value)` when absent. */
  draw?: (value: T) => ReactNode;
}

/**
 * Two people wrote the same record: both versions side by side, one chosen per field, never a silent overwrite.
 * Fields that agree are not shown.
 * @param props.onKeep receives `theirs` with the chosen fields of `yours`; write it on their version
 */
export function ConflictView<T extends object>(props: {
  yours: T;
  theirs: T;
  fields: readonly ConflictField<T>[];
  /** Who wrote the other version and when, if known. */
  by?: string;
  onKeep: (merged: T) => void;
  onCancel: () => void;
}) {
  const { yours, theirs } = props;
  const different = props.fields.filter(
    ({ key }) => JSON.stringify(yours[key]) !== JSON.stringify(theirs[key]),
  );
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set(different.map(({ key }) => key)));
  const choose = (key: string, own: boolean) => {
    const next = new Set(mine);
    if (own) next.add(key);
    else next.delete(key);
    setMine(next);
  };
  const keep = () => {
    const chosen = different.filter(({ key }) => mine.has(key)).map(({ key }) => [key, yours[key]]);
    props.onKeep({ ...theirs, ...Object.fromEntries(chosen) });
  };
  return (
    <div className="yb-dialog-body">
      <Notice tone="look" title={t('ui.conflict.title', 'Người khác vừa sửa cùng chỗ này')}>
        {props.by && <div>{props.by}</div>}
        {t('ui.conflict.what', 'Chưa ghi gì cả. Chọn từng dòng giữ bản nào rồi lưu.')}
      </Notice>
      <div className="yb-conflict">
        <span className="yb-conflict-head" />
        <span className="yb-conflict-head">{t('ui.conflict.yours', 'Bản của bạn')}</span>
        <span className="yb-conflict-head">{t('ui.conflict.theirs', 'Bản vừa được lưu')}</span>
        {different.map((field) => (
          <ConflictLine
            key={field.key}
            label={field.label}
            mine={mine.has(field.key)}
            yours={(field.draw ?? plain(field.key))(yours)}
            theirs={(field.draw ?? plain(field.key))(theirs)}
            onChoose={(own) => choose(field.key, own)}
          />
        ))}
      </div>
      <div className="yb-dialog-acts">
        <Button onPress={props.onCancel}>{t('ui.conflict.back', 'Quay lại sửa tiếp')}</Button>
        <Button kind="primary" onPress={keep} autoFocus>
          {t('ui.conflict.keep', 'Lưu bản đã chọn')}
        </Button>
      </div>
    </div>
  );
}

function plain<T extends object>(key: keyof T & string): (value: T) => ReactNode {
  return (value) => {
    const shown = value[key];
    return shown === undefined || shown === null || shown === '' ? '–' : String(shown);
  };
}

function ConflictLine(props: {
  label: string;
  mine: boolean;
  yours: ReactNode;
  theirs: ReactNode;
  onChoose: (own: boolean) => void;
}) {
  const name = useId();
  return (
    <>
      <span className="yb-conflict-name">{props.label}</span>
      {[true, false].map((own) => (
        <label key={String(own)}>
          <input type="radio" name={name} checked={props.mine === own} onChange={() => props.onChoose(own)} />
          <span>
            <span className="yb-hidden">
              {props.label},{' '}
              {own ? t('ui.conflict.yours', 'Bản của bạn') : t('ui.conflict.theirs', 'Bản vừa được lưu')}:{' '}
            </span>
            {own ? props.yours : props.theirs}
          </span>
        </label>
      ))}
    </>
  );
}
