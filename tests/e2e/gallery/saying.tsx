import { useState } from 'react';
import {
  AgeOfData,
  ApiFailure,
  Badge,
  Button,
  Dialog,
  Empty,
  Failed,
  Grid,
  Notice,
  Page,
  Panel,
  Row,
  SidePanel,
  Skeleton,
  Stack,
  TextField,
  toast,
  useKeys,
} from '../../../web/ui/index.ts';

export function SayingPage() {
  const [open, setOpen] = useState<'dialog' | 'side' | null>(null);
  const [ran, setRan] = useState('');
  const [reason, setReason] = useState('');
  useKeys([{ key: 'F9', label: 'In', run: () => setRan(`${ran}in `) }]);
  return (
    <Page title="Nói với người dùng">
      <Row wrap>
        <Badge>Đang chờ</Badge>
        <Badge tone="info">Đã gọi</Badge>
        <Badge tone="look">Quá hạn</Badge>
        <Badge tone="danger">Từ chối</Badge>
        <Badge tone="done">Đã khám</Badge>
        <Badge tone="brand">Đang khám</Badge>
        <AgeOfData readAt="2026-11-22T01:05:00Z" />
      </Row>
      <Stack>
        <Notice title="Thẻ bảo hiểm còn 12 ngày">Nhắc người bệnh gia hạn trước 04/12/2026.</Notice>
        <Notice tone="look" title="Chưa hỏi dị ứng" acts={<Button small>Hỏi ngay</Button>} />
        <Notice tone="danger" title="Dị ứng penicillin">
          Amoxicillin cùng nhóm. Chọn thuốc khác hoặc ghi lý do.
        </Notice>
        <Notice tone="done" title="Đã ký và in đơn thuốc" />
      </Stack>
      <Row wrap>
        <Button onPress={() => setOpen('dialog')}>Mở hộp thoại</Button>
        <Button onPress={() => setOpen('side')}>Mở bảng bên</Button>
        <Button onPress={() => toast({ text: 'Đã hủy số 012', undo: () => setRan('hoàn tác') })}>
          Hủy số
        </Button>
      </Row>
      <output data-testid="ran">{ran}</output>
      <Grid min={320}>
        <Panel title="Rỗng">
          <Empty title="Chưa có kết quả" act={<Button>Chỉ định xét nghiệm</Button>}>
            Kết quả hiện ở đây ngay khi phòng xét nghiệm trả.
          </Empty>
        </Panel>
        <Panel title="Hỏng">
          <Failed
            failure={new ApiFailure('overloaded', 503, 'Máy chủ đang bận. Chưa mất gì; thử lại sau ít giây.')}
            onRetry={() => undefined}
          />
        </Panel>
        <Panel title="Đang đọc">
          <Skeleton lines={5} />
        </Panel>
      </Grid>
      <Dialog
        title="Hủy phiếu thu 000123"
        opened={open === 'dialog'}
        onClose={() => setOpen(null)}
        acts={
          <>
            <Button onPress={() => setOpen(null)}>Giữ phiếu</Button>
            <Button kind="danger" disabled={reason.trim() === ''}>
              Hủy phiếu
            </Button>
          </>
        }
      >
        <TextField
          label="Lý do hủy"
          required
          value={reason}
          onChange={setReason}
          autoFocus
          hint="Lý do được in trên sổ và không sửa được."
        />
      </Dialog>
      <SidePanel
        title="Kết quả xét nghiệm"
        opened={open === 'side'}
        onClose={() => setOpen(null)}
        acts={<Button kind="primary">Ghi kết quả</Button>}
      >
        <TextField label="Glucose" unit="mmol/L" value="11,2" onChange={() => undefined} />
      </SidePanel>
    </Page>
  );
}
