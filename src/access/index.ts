export {
  operatorCaller,
  PERMISSIONS,
  ROLE_PERMISSIONS,
  type Caller,
  type Permission,
  type Role,
} from "./permission.ts";
