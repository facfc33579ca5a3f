/** The designer of one form: its items at the left, the form as it will be in the middle, the chosen item at the right. */
import { useState } from 'react';
import type { Fault } from '../../../engines/forms/browser.ts';
import type { Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import {
  ApiFailure,
  api,
  Badge,
  Button,
  Columns,
  Empty,
  Loaded,
  Notice,
  Page,
  Panel,
  Row,
  refresh,
  type ScreenProps,
  Stack,
  Tabs,
  TextField,
  t,
  toast,
  useKeys,
  useQuery,
} from '../../../web/ui/index.ts';
import type { DesignView, VersionLine } from '../design/contract.ts';
import { Changes } from './designer/changes-table.tsx';
import { beginsIn } from './designer/extensions.ts';
import { faultWords, itemOf } from './designer/fault-words.ts';
import { type FormHistory, useFormHistory } from './designer/history.ts';
import { ItemForm } from './designer/item-form.tsx';
import { ItemTree } from './designer/item-tree.tsx';
import { Preview } from './designer/preview.tsx';
import { PublishDialog, VersionList } from './designer/publish.tsx';
import { flatten, itemAt, itemsOf, type Path, pathOf, renameLink, replaceAt } from './designer/tree.ts';
import { Trials } from './designer/trials.tsx';
import { useFaults } from './designer/use-faults.ts';
import './designer/designer.css';

export default function DesignScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const read = useQuery<DesignView>(
    ['forms', 'design', key],
    `/api/forms/designs/${encodeURIComponent(key)}`,
  );
  const [round, setRound] = useState(0);
  const again = async () => {
    await refresh(['forms']);
    setRound((now) => now + 1);
  };
  return (
    <Loaded read={read} lines={12}>
      {(design) => <Designer key={`${key} ${round}`} design={design} again={() => void again()} />}
    </Loaded>
  );
}

const SCROLLS = { overflowY: 'auto', minHeight: 0, paddingBottom: 24 } as const;

function Designer({ design, again }: { design: DesignView; again: () => void }) {
  const history = useFormHistory(design.form);
  const [selected, setSelected] = useState<Path | null>(null);
  const faults = useFaults(history.form);
  const saving = useSaving(design, history.form);
  const [publishing, setPublishing] = useState<{ rollBack: VersionLine | null } | null>(null);
  useKeys([
    { key: 'Ctrl+S', label: t('forms.design.save', 'Lưu'), run: () => void saving.save().catch(() => 0) },
    {
      key: 'Ctrl+Z',
      label: t('forms.design.undo', 'Hoàn tác'),
      run: history.undo,
      disabled: !history.canUndo,
    },
    {
      key: 'Ctrl+Y',
      label: t('forms.design.redo', 'Làm lại'),
      run: history.redo,
      disabled: !history.canRedo,
    },
  ]);
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  return (
    <Page
      title={history.form.title ?? design.key}
      fill
      beside={
        errors > 0 ? (
          <Badge tone="danger">{t('forms.design.n-faults', '{n} lỗi', { n: errors })}</Badge>
        ) : undefined
      }
      acts={
        <Row gap={8}>
          <Button onPress={() => exportForm(design, history.form)}>
            {t('forms.design.export', 'Xuất JSON')}
          </Button>
          <Button
            busy={saving.busy}
            disabled={!saving.dirty}
            onPress={() => void saving.save().catch(() => 0)}
          >
            {t('forms.design.save', 'Lưu')}
          </Button>
          <Button kind="primary" disabled={errors > 0} onPress={() => setPublishing({ rollBack: null })}>
            {t('forms.design.publish', 'Công bố')}
          </Button>
        </Row>
      }
    >
      {saving.failure && <Notice tone="danger" title={saving.failure.message} />}
      <Columns widths={['290px', '1fr', '320px']} fill>
        <Stack gap={8} style={SCROLLS}>
          <ItemTree history={history} selected={selected} onSelect={setSelected} faults={faults} />
        </Stack>
        <Middle design={design} form={history.form} onRollBack={(rollBack) => setPublishing({ rollBack })} />
        <Stack gap={8} style={SCROLLS}>
          <Panel
            title={
              selected ? t('forms.design.chosen', 'Mục đang chọn') : t('forms.design.whole', 'Cả biểu mẫu')
            }
            acts={
              selected && (
                <Button small kind="quiet" onPress={() => setSelected(null)}>
                  {t('forms.design.whole', 'Cả biểu mẫu')}
                </Button>
              )
            }
          >
            <Chosen history={history} selected={selected} onSelect={setSelected} faults={faults} />
          </Panel>
        </Stack>
      </Columns>
      {publishing && (
        <PublishDialog
          design={design}
          save={saving.save}
          rollBack={publishing.rollBack}
          onClose={() => setPublishing(null)}
          onDone={() => {
            setPublishing(null);
            again();
          }}
        />
      )}
    </Page>
  );
}

function useSaving(design: DesignView, form: Questionnaire) {
  const [saved, setSaved] = useState({ version: design.version, form: design.form });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const dirty = saved.form !== form || saved.version === 0;
  const save = async (): Promise<number> => {
    if (!dirty) return saved.version;
    setBusy(true);
    setFailure(null);
    try {
      const done = await api.put<{ version: number }>(
        `/api/forms/designs/${design.key}`,
        { form },
        { ifMatch: saved.version },
      );
      setSaved({ version: done.version, form });
      toast(t('forms.design.saved', 'Đã lưu bản đang soạn'));
      return done.version;
    } catch (error) {
      const failed = error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error));
      setFailure(failed);
      throw failed;
    } finally {
      setBusy(false);
    }
  };
  return { save, busy, failure, dirty };
}

function Middle(props: {
  design: DesignView;
  form: Questionnaire;
  onRollBack: (version: VersionLine) => void;
}) {
  const { design, form } = props;
  const [tab, setTab] = useState('xem');
  const tabs = [
    { key: 'xem', label: t('forms.design.preview', 'Xem thử') },
    { key: 'ca-thu', label: t('forms.design.trials', 'Ca thử ({n})', { n: design.trials.length }) },
    { key: 'thay-doi', label: t('forms.design.changes', 'Thay đổi') },
    { key: 'phien-ban', label: t('forms.design.versions', 'Các phiên bản') },
  ];
  return (
    <Stack gap={8} style={SCROLLS}>
      <Tabs label={t('forms.design.parts', 'Các phần')} tabs={tabs} value={tab} onChange={setTab}>
        {tab === 'xem' && <Preview designKey={design.key} form={form} />}
        {tab === 'ca-thu' && <Trials designKey={design.key} form={form} trials={design.trials} />}
        {tab === 'thay-doi' && <Changes before={design.inForce} after={form} drafts={design.drafts} />}
        {tab === 'phien-ban' && <VersionList versions={design.versions} onRollBack={props.onRollBack} />}
      </Tabs>
    </Stack>
  );
}

function Chosen(props: {
  history: FormHistory;
  selected: Path | null;
  onSelect: (path: Path | null) => void;
  faults: readonly Fault[];
}) {
  const { history, selected } = props;
  const items = itemsOf(history.form);
  const item = selected && itemAt(items, selected);
  if (!selected || !item)
    return (
      <Stack gap={12}>
        <AllFaults faults={props.faults} items={items} onSelect={props.onSelect} />
        <TextField
          label={t('forms.design.form-title', 'Tên biểu mẫu')}
          value={history.form.title ?? ''}
          onChange={(title) => history.change({ ...history.form, title })}
        />
        <TextField
          label={t('forms.design.description', 'Dùng để làm gì')}
          lines={3}
          value={history.form.description ?? ''}
          onChange={(description) => history.change({ ...history.form, description })}
        />
        {items.length === 0 && (
          <Empty title={t('forms.design.empty', 'Biểu mẫu chưa có câu nào')}>
            {t('forms.design.empty-what', 'Bấm "Thêm câu hỏi" ở cột bên trái.')}
          </Empty>
        )}
      </Stack>
    );
  const place = `Questionnaire${selected.map((index) => `.item[${index}]`).join('')}`;
  const rename = (linkId: string) => {
    const renamed = renameLink(history.form, item.linkId, linkId);
    history.change({ ...history.form, ...renamed });
    props.onSelect(pathOf(itemsOf(renamed), linkId) ?? null);
  };
  return (
    <ItemForm
      key={item.linkId}
      item={item}
      taken={flatten(items).flatMap(({ item: other }) => (other === item ? [] : [other.linkId]))}
      begun={[
        ...beginsIn(history.form),
        ...selected.flatMap((_, depth) => beginsIn(itemAt(items, selected.slice(0, depth)) ?? {})),
      ]}
      questions={flatten(items).flatMap(({ item: other }) =>
        other.linkId === item.linkId || other.type === 'group' || other.type === 'display' ? [] : [other],
      )}
      faults={props.faults.filter(
        ({ expression = '' }) =>
          expression === place ||
          (expression.startsWith(`${place}.`) && !expression.startsWith(`${place}.item[`)),
      )}
      onChange={(next) => history.change({ ...history.form, item: replaceAt(items, selected, next) })}
      onRename={rename}
    />
  );
}

/** What keeps the form from being published, each leading to its item. */
function AllFaults(props: {
  faults: readonly Fault[];
  items: readonly QuestionnaireItem[];
  onSelect: (path: Path | null) => void;
}) {
  const wrong = props.faults.filter(({ severity }) => severity === 'error');
  if (wrong.length === 0) return null;
  return (
    <Notice tone="danger" title={t('forms.design.to-mend', 'Cần sửa trước khi công bố')}>
      <Stack gap={4}>
        {wrong.map((fault) => {
          const path = itemOf(fault);
          const item = path && itemAt(props.items, path);
          const words = faultWords(fault);
          return item ? (
            <Button
              key={`${fault.expression} ${fault.text}`}
              small
              kind="quiet"
              onPress={() => props.onSelect(path)}
            >
              {`${item.text || item.linkId}: ${words}`}
            </Button>
          ) : (
            <div key={`${fault.expression} ${fault.text}`}>{words}</div>
          );
        })}
      </Stack>
    </Notice>
  );
}

function exportForm(design: DesignView, form: Questionnaire): void {
  const text = JSON.stringify({ ...form, url: design.url }, null, 2);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `${design.key}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
