import { useState } from 'react';
import {
  api,
  Button,
  DateField,
  Form,
  Grid,
  NumberField,
  Page,
  Panel,
  TextField,
  toast,
  useForm,
} from '../../../web/ui/index.ts';

interface Person {
  name: string;
  born: string | null;
  weight: number | null;
  note: string;
}

export function FormPage() {
  const [saved, setSaved] = useState('');
  const form = useForm<Person, { id: string }>({
    draft: 'gallery.person',
    initial: { name: '', born: null, weight: null, note: '' },
    check: (person) => ({
      ...(person.name.trim() === '' && { name: 'Ghi họ tên.' }),
      ...(person.born === null && { born: 'Ghi ngày sinh hoặc năm sinh.' }),
    }),
    send: (person) => api.post<{ id: string }>('/api/people', person),
    onDone: (out) => {
      setSaved(out.id);
      toast({ text: 'Đã lưu người mới', undo: () => setSaved('đã hoàn tác') });
    },
  });
  return (
    <Page title="Người mới" narrow>
      <Panel>
        <Form form={form} label="Người mới" finish="Lưu">
          <TextField label="Họ và tên" required {...form.field('name')} />
          <Grid min={200}>
            <DateField label="Ngày sinh" required {...form.field('born')} />
            <NumberField label="Cân nặng" unit="kg" {...form.field('weight')} />
          </Grid>
          <TextField label="Ghi chú" lines={2} {...form.field('note')} />
          <Button kind="primary" submit busy={form.busy}>
            Lưu
          </Button>
        </Form>
        <div data-testid="saved">{saved}</div>
      </Panel>
    </Page>
  );
}
