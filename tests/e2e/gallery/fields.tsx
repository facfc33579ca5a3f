import { useState } from 'react';
import { IconPlus, IconPrinter } from '../../../web/ui/icons.ts';
import {
  api,
  Button,
  CheckList,
  CodeSearch,
  DateField,
  type Found,
  Grid,
  KEYS,
  NumberField,
  Page,
  Panel,
  RadioList,
  Row,
  SelectField,
  Stack,
  Text,
  TextField,
} from '../../../web/ui/index.ts';

export function FieldsPage() {
  const [name, setName] = useState('Nguyễn Hoàng Khánh Quỳnh Như');
  const [note, setNote] = useState('');
  const [born, setBorn] = useState<string | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [weight, setWeight] = useState<number | null>(52.5);
  const [price, setPrice] = useState<number | null>(1234567);
  const [sex, setSex] = useState('');
  const [symptoms, setSymptoms] = useState<string[]>(['ho']);
  const [kind, setKind] = useState('01');
  const [chosen, setChosen] = useState<Found[]>([]);
  const [main, setMain] = useState<Found | null>(null);
  return (
    <Page
      title="Các ô nhập"
      acts={
        <>
          <Button kind="quiet">Bỏ qua</Button>
          <Button keys={KEYS.print} icon={<IconPrinter size={18} />} onPress={() => undefined}>
            In
          </Button>
          <Button kind="primary" keys={KEYS.next} onPress={() => undefined}>
            Gọi số tiếp
          </Button>
        </>
      }
    >
      <Panel title="Ô nhập">
        <Grid min={280} gap={16}>
          <TextField
            label="Họ và tên"
            required
            value={name}
            onChange={setName}
            hint="Viết như trên thẻ căn cước"
          />
          <DateField label="Ngày sinh" value={born} onChange={setBorn} />
          <DateField
            label="Hẹn khám lại"
            expect="future"
            full
            value={next}
            onChange={setNext}
            hint="+7 là một tuần nữa"
          />
          <NumberField label="Cân nặng" unit="kg" min={0.5} max={250} value={weight} onChange={setWeight} />
          <NumberField label="Tạm ứng" unit="₫" whole value={price} onChange={setPrice} />
          <SelectField
            label="Giới tính"
            value={sex}
            onChange={setSex}
            error={sex === '' ? 'Chọn giới tính.' : undefined}
            choices={[
              { value: 'male', label: 'Nam' },
              { value: 'female', label: 'Nữ' },
            ]}
          />
          <TextField label="Mã hồ sơ" value="25D01.202611220805.012" onChange={() => undefined} readOnly />
          <TextField label="Không dùng được" value="" onChange={() => undefined} disabled />
        </Grid>
      </Panel>
      <Panel title="Tìm mã">
        <Grid min={380} gap={16}>
          <CodeSearch
            label="Chẩn đoán chính"
            value={main}
            onChoose={setMain}
            onClear={() => setMain(null)}
            search={searchCodes}
          />
          <Stack>
            <CodeSearch
              label="Thêm vào danh sách"
              search={searchCodes}
              onChoose={(one) => setChosen([...chosen, one])}
            />
            <div data-testid="chosen">{chosen.map((one) => one.code).join(',')}</div>
          </Stack>
        </Grid>
        <TextField label="Bệnh sử" lines={3} value={note} onChange={setNote} />
      </Panel>
      <Row gap={16} align="stretch" wrap>
        <Panel title="Chọn">
          <CheckList
            label="Triệu chứng"
            inline
            value={symptoms}
            onChange={setSymptoms}
            choices={['ho', 'sốt', 'đau họng', 'khó thở'].map((value) => ({ value, label: value }))}
          />
          <RadioList
            label="Loại khám"
            inline
            value={kind}
            onChange={setKind}
            choices={[
              { value: '01', label: 'Khám bệnh' },
              { value: '02', label: 'Cấp cứu' },
            ]}
          />
        </Panel>
        <Panel title="Nút">
          <Row wrap>
            <Button kind="primary">Ký và in</Button>
            <Button>Lưu nháp</Button>
            <Button kind="quiet" icon={<IconPlus size={18} />}>
              Thêm thuốc
            </Button>
            <Button kind="danger">Hủy phiếu</Button>
            <Button kind="primary" disabled>
              Chưa dùng được
            </Button>
            <Button kind="primary" busy>
              Đang lưu
            </Button>
            <Button small>Nhỏ</Button>
          </Row>
          <Text tone="soft">Chữ phụ</Text> <Text tone="faint">Chữ mờ</Text>{' '}
          <Text tone="danger">Nguy hiểm</Text>
        </Panel>
      </Row>
    </Page>
  );
}

function searchCodes(typed: string, signal: AbortSignal): Promise<Found[]> {
  return api.get<Found[]>(`/api/codes?q=${encodeURIComponent(typed)}`, { signal });
}
