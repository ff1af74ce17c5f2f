import { workerData } from 'node:worker_threads'
import { backUp } from '../../../dist/coordinator/store/care/backup.js'

await backUp(workerData.dataDir, workerData.target)
