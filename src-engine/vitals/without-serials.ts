/** Keys of ioreg whose values name this very machine, battery or adapter. */
const KEYS =
  'BatterySerialNumber|SerialNumber|SerialString|Serial|IOPlatformSerialNumber|IOPlatformUUID|ManufacturerData|BatteryData2|DeviceSerial|kUSBSerialNumberString';

const IN_IOREG = new RegExp(`("(?:${KEYS})"\\s*=\\s*)(?:"[^"]*"|<[^>]*>|[^,}\\s]+)`, 'gi');
const IN_UEVENT = /^(POWER_SUPPLY_SERIAL_NUMBER=).*$/gim;

/** What a tool or a file said, without serial numbers; the shape stays, so that it can be a fixture. */
export function withoutSerials(text: string): string {
  return text.replace(IN_IOREG, '$1"removed"').replace(IN_UEVENT, '$1removed');
}
