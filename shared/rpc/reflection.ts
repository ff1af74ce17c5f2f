import { ReflectionService } from '@grpc/reflection'
import type { Server } from '@grpc/grpc-js'
import { packageDefinition } from './schema.js'

/** Lets tools such as grpcurl ask for services and messages. It tells the schema and no data. */
export function addReflection(server: Server): void {
  new ReflectionService(packageDefinition).addToServer(server)
}
