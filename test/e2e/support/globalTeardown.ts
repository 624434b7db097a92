import { removeBuiltPackage } from './builtPackage';

export default function globalTeardown(): void {
	removeBuiltPackage();
}
