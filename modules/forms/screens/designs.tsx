/** Forms as their authors see them: which version is in force, which is coming, what is being written. */
import { useRef, useState } from 'react';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import {
  ApiFailure,
  api,
  Badge,
  Button,
  type Column,
  Dialog,
  Empty,
  formatDate,
  formatSince,
  ListPanel,
  Notice,
  navigate,
  Page,
  Row,
  Stack,
  TextField,
  TwoLines,
  t,
  useList,
} from '../../../web/ui/index.ts';
import type { DesignRow, VersionLine } from '../design/contract.ts';
import { codeFrom } from './designer/options.ts';

export default function DesignsScreen() {
  const list = useList<DesignRow>(['forms', 'designs'], '/api/forms/designs');
  const [making, setMaking] = useState(false);
  const columns: Column<DesignRow>[] = [
    {
      key: 'title',
      title: t('forms.form', 'Biểu mẫu'),
      draw: (row) => <TwoLines first={row.title} second={row.key} />,
      width: '2fr',
    },
    {
      key: 'in-force',
      title: t('forms.design.in-force', 'Đang có hiệu lực'),
      draw: (row) => <Versions lines={row.versions} state="in-force" />,
    },
    {
      key: 'coming',
      title: t('forms.design.coming', 'Sắp có hiệu lực'),
      draw: (row) => <Versions lines={row.versions} state="coming" />,
    },
    {
      key: 'past',
      title: t('forms.design.past', 'Bản cũ'),
      number: true,
      width: '90px',
      draw: (row) => row.versions.filter(({ state }) => state === 'past').length,
    },
    {
      key: 'design',
      title: t('forms.design.draft', 'Đang soạn'),
      draw: (row) =>
        row.design && <Badge tone="look">{`${row.design.by} · ${formatSince(row.design.at)}`}</Badge>,
    },
  ];
  return (
    <Page
      title={t('forms.design.title', 'Thiết kế biểu mẫu')}
      fill
      acts={
        <Button kind="primary" onPress={() => setMaking(true)}>
          {t('forms.design.new', 'Biểu mẫu mới')}
        </Button>
      }
    >
      <ListPanel
        id="form-designs"
        label={t('forms.design.title', 'Thiết kế biểu mẫu')}
        list={list}
        columns={columns}
        rowKey={(row) => row.key}
        onOpen={(row) => navigate(`/thiet-ke-bieu-mau/${row.key}`)}
        empty={
          <Empty title={t('forms.design.none', 'Chưa có biểu mẫu nào')}>
            {t('forms.design.none-what', 'Bấm "Biểu mẫu mới" để soạn, hoặc nhập từ tệp JSON.')}
          </Empty>
        }
      />
      {making && <NewForm onClose={() => setMaking(false)} />}
    </Page>
  );
}

function Versions(props: { lines: readonly VersionLine[]; state: VersionLine['state'] }) {
  const found = props.lines.filter(({ state }) => state === props.state);
  return found.map((one) => (
    <Badge key={one.version} tone={props.state === 'in-force' ? 'done' : 'info'}>
      {t('forms.design.since', 'từ {date}', { date: formatDate(one.from) || one.version })}
    </Badge>
  ));
}

/** A title makes the key; a file of JSON makes the whole form. */
function NewForm(props: { onClose: () => void }) {
  const [title, setTitle] = useState('');
  const [imported, setImported] = useState<Questionnaire | null>(null);
  const [failure, setFailure] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const key = codeFrom(title).slice(0, 60);
  const make = async () => {
    const form: Questionnaire = {
      ...(imported ?? { resourceType: 'Questionnaire', item: [] }),
      title: title.trim(),
      status: 'draft',
      subjectType: ['Patient'],
    };
    try {
      await api.put(`/api/forms/designs/${key}`, { form }, { ifMatch: 0 });
      navigate(`/thiet-ke-bieu-mau/${key}`);
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error.message : String(error));
    }
  };
  const read = async (chosen: File | undefined) => {
    try {
      const form = JSON.parse((await chosen?.text()) ?? '') as Questionnaire;
      if (form.resourceType !== 'Questionnaire') throw new Error('another resource');
      setImported(form);
      setTitle(form.title ?? form.name ?? '');
      setFailure('');
    } catch {
      setFailure(t('forms.design.not-json', 'Tệp này không phải một Questionnaire dạng JSON. Chưa nhập gì.'));
    }
  };
  return (
    <Dialog
      title={t('forms.design.new', 'Biểu mẫu mới')}
      opened
      onClose={props.onClose}
      acts={
        <Row>
          <Button onPress={() => file.current?.click()}>
            {t('forms.design.import', 'Nhập từ tệp JSON')}
          </Button>
          <Button kind="primary" disabled={key.length < 2} onPress={() => void make()}>
            {t('forms.design.make', 'Soạn')}
          </Button>
        </Row>
      }
    >
      <Stack>
        <input
          ref={file}
          type="file"
          hidden
          accept="application/json,.json"
          onChange={(event) => void read(event.target.files?.[0])}
        />
        <TextField
          label={t('forms.design.form-title', 'Tên biểu mẫu')}
          value={title}
          onChange={setTitle}
          autoFocus
          hint={key.length < 2 ? undefined : t('forms.design.key', 'Mã: {key}', { key })}
        />
        {imported && (
          <Notice tone="done" title={t('forms.design.imported', 'Đã đọc tệp; bấm "Soạn" để mở.')} />
        )}
        {failure && <Notice tone="danger" title={failure} />}
      </Stack>
    </Dialog>
  );
}
