import { useState } from 'react';
import { ConflictView, formatDate, Page, Panel } from '../../../web/ui/index.ts';

const yours = { name: 'Trần Thị Bưởi', birthDate: '1985-02-07', phone: '0000912345', address: 'Thôn Đông' };
const theirs = { name: 'Trần Thị Bưởi', birthDate: '1985', phone: '0000999888', address: 'Thôn Đông' };

export function ConflictPage() {
  const [kept, setKept] = useState('');
  return (
    <Page title="Hai người cùng sửa" narrow>
      <Panel>
        <ConflictView
          yours={yours}
          theirs={theirs}
          by="Bác sĩ Lê Văn Đạt, 08:12 22/11/2026"
          fields={[
            { key: 'name', label: 'Họ tên' },
            { key: 'birthDate', label: 'Ngày sinh', draw: (person) => formatDate(person.birthDate) },
            { key: 'phone', label: 'Điện thoại' },
            { key: 'address', label: 'Địa chỉ' },
          ]}
          onKeep={(merged) => setKept(JSON.stringify(merged))}
          onCancel={() => undefined}
        />
        <output data-testid="kept">{kept}</output>
      </Panel>
    </Page>
  );
}
