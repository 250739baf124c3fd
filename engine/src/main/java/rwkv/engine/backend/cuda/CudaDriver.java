package rwkv.engine.backend.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jcuda.Pointer;
import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A card through CUDA's driver API. All that is asked goes into one stream. */
final class CudaDriver implements Driver {

  /** What a single copy by {@link ByteBuffer} may hold. */
  private static final long PIECE = 1L << 30;

  private final CUdevice handle;
  private final Device device;
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final List<CUmodule> modules = new ArrayList<>();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final Map<Long, CUgraphExec> graphs = new HashMap<>();
  private final TreeMap<Long, Block> blocks = new TreeMap<>();
  private long nextGraph = 1;

  /**
   * Takes hold of a card and gives it the kernels.
   *
   * @throws IllegalStateException if the driver refuses them, saying why
   */
  CudaDriver(int index) {
    handle = handle(index);
    device = describe(index);
    check("takes no work", JCudaDriver.cuDevicePrimaryCtxRetain(context, handle));
    try {
      enter();
      check("makes no stream", JCudaDriver.cuStreamCreate(stream, 1));
      for (String program : Programs.forCapability(device.capability())) {
        CUmodule module = new CUmodule();
        check("refuses the kernels", JCudaDriver.cuModuleLoadData(module, program));
        modules.add(module);
      }
    } catch (RuntimeException e) {
      JCudaDriver.cuDevicePrimaryCtxRelease(handle);
      throw e;
    }
  }

  /** How many cards there are; only to be asked where there is a driver. */
  static int count() {
    JCudaDriver.setExceptionsEnabled(false);
    int[] count = {0};
    if (JCudaDriver.cuInit(0) != CUresult.CUDA_SUCCESS
        || JCudaDriver.cuDeviceGetCount(count) != CUresult.CUDA_SUCCESS) {
      return 0;
    }
    return count[0];
  }

  private static CUdevice handle(int index) {
    CUdevice handle = new CUdevice();
    int result = JCudaDriver.cuDeviceGet(handle, index);
    if (result != CUresult.CUDA_SUCCESS) {
      throw new IllegalStateException("no card " + index + ": " + CUresult.stringFor(result));
    }
    return handle;
  }

  /** What card that is. */
  static Device describe(int index) {
    CUdevice handle = handle(index);
    byte[] name = new byte[256];
    JCudaDriver.cuDeviceGetName(name, name.length, handle);
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    int[] driver = {0};
    JCudaDriver.cuDriverGetVersion(driver);
    long[] bytes = {0};
    JCudaDriver.cuDeviceTotalMem(bytes, handle);
    return new Device(
        index,
        new String(name, 0, length, StandardCharsets.UTF_8),
        attribute(handle, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(handle, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        driver[0],
        attribute(handle, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        bytes[0]);
  }

  /**
   * Bytes of a card that nobody uses now. Quick where a model is open on it; else its context is
   * made and left for this one question. The calling thread keeps its own context.
   *
   * @throws IllegalStateException if it does not answer; lost, if it has failed
   */
  static long freeBytes(int index) {
    CUdevice handle = handle(index);
    Device device = describe(index);
    CUcontext context = new CUcontext();
    check(device, "takes no work", JCudaDriver.cuDevicePrimaryCtxRetain(context, handle));
    CUcontext before = new CUcontext();
    JCudaDriver.cuCtxGetCurrent(before);
    try {
      check(device, "is not there", JCudaDriver.cuCtxSetCurrent(context));
      return freeBytes(device);
    } finally {
      JCudaDriver.cuCtxSetCurrent(before);
      JCudaDriver.cuDevicePrimaryCtxRelease(handle);
    }
  }

  /** Of the card whose context is the thread's. */
  private static long freeBytes(Device device) {
    long[] free = {0};
    long[] total = {0};
    check(device, "does not tell its memory", JCudaDriver.cuMemGetInfo(free, total));
    return free[0];
  }

  private static int attribute(CUdevice handle, int attribute) {
    int[] value = {0};
    JCudaDriver.cuDeviceGetAttribute(value, attribute, handle);
    return value[0];
  }

  /** Any thread may come: the card's context is the thread's own setting. */
  private void enter() {
    check("is not there", JCudaDriver.cuCtxSetCurrent(context));
  }

  private void check(String problem, int result) {
    check(device, problem, result);
  }

  private static void check(Device device, String problem, int result) {
    if (result == CUresult.CUDA_SUCCESS) {
      return;
    }
    String reason = CUresult.stringFor(result);
    switch (result) {
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_DEINITIALIZED ->
          throw new DeviceLostException(device, reason);
      default -> throw new IllegalStateException(device.name() + " " + problem + ": " + reason);
    }
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public long freeBytes() {
    enter();
    return freeBytes(device);
  }

  @Override
  public long allocate(long bytes) {
    enter();
    Block block = new Block();
    int result = JCudaDriver.cuMemAlloc(block, bytes);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new OutOfDeviceMemoryException(device, bytes, freeBytes());
    }
    check("gives no memory", result);
    blocks.put(block.address(), block);
    return block.address();
  }

  /** A piece of the card's memory, which knows its address. */
  private static final class Block extends CUdeviceptr {

    long address() {
      return getNativePointer();
    }
  }

  /** JCuda wants pointers, not addresses: one into the block in which the address lies. */
  private CUdeviceptr pointer(long address) {
    Map.Entry<Long, Block> block = blocks.floorEntry(address);
    if (block == null) {
      throw new IllegalArgumentException("no memory at " + address);
    }
    return block.getValue().withByteOffset(address - block.getKey());
  }

  @Override
  public void free(long address) {
    enter();
    check("takes no memory back", JCudaDriver.cuMemFree(blocks.remove(address)));
  }

  @Override
  public void fillZero(long address, long bytes) {
    enter();
    check(
        "does not fill memory",
        JCudaDriver.cuMemsetD8Async(pointer(address), (byte) 0, bytes, stream));
  }

  @Override
  public void upload(long to, MemorySegment from) {
    enter();
    // Native memory may be a mapped file: the driver copies it before it returns.
    for (long at = 0; at < from.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, from.byteSize() - at);
      Pointer host = Pointer.to(from.asSlice(at, bytes).asByteBuffer());
      check(
          "takes no numbers", JCudaDriver.cuMemcpyHtoDAsync(pointer(to + at), host, bytes, stream));
    }
    await();
  }

  @Override
  public void download(MemorySegment to, long from) {
    enter();
    for (long at = 0; at < to.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, to.byteSize() - at);
      Pointer host = Pointer.to(to.asSlice(at, bytes).asByteBuffer());
      check(
          "gives no numbers",
          JCudaDriver.cuMemcpyDtoHAsync(host, pointer(from + at), bytes, stream));
    }
    await();
  }

  @Override
  public void copy(long to, long from, long bytes) {
    if (bytes > 0) {
      enter();
      check(
          "does not copy",
          JCudaDriver.cuMemcpyDtoDAsync(pointer(to), pointer(from), bytes, stream));
    }
  }

  @Override
  public void launch(Launch launch) {
    enter();
    check(
        "does not run " + launch.kernel(),
        JCudaDriver.cuLaunchKernel(
            function(launch.kernel()),
            launch.columns(),
            launch.rows(),
            1,
            launch.threads(),
            1,
            1,
            0,
            stream,
            arguments(launch),
            null));
  }

  private CUfunction function(String kernel) {
    return functions.computeIfAbsent(
        kernel,
        name -> {
          CUfunction function = new CUfunction();
          for (CUmodule module : modules) {
            if (JCudaDriver.cuModuleGetFunction(function, module, name) == CUresult.CUDA_SUCCESS) {
              return function;
            }
          }
          throw new IllegalArgumentException("there is no kernel " + name);
        });
  }

  /** A pointer to a pointer for each argument; numbers lie in the lower half of theirs. */
  private static Pointer arguments(Launch launch) {
    Pointer all = Pointer.to(launch.arguments());
    Pointer[] each = new Pointer[launch.arguments().length];
    for (int i = 0; i < each.length; i++) {
      each[i] = all.withByteOffset((long) Long.BYTES * i);
    }
    return Pointer.to(each);
  }

  @Override
  public long graph(List<Launch> launches) {
    enter();
    CUgraph graph = new CUgraph();
    check("makes no graph", JCudaDriver.cuGraphCreate(graph, 0));
    try {
      CUgraphNode[] before = {};
      for (Launch launch : launches) {
        CUDA_KERNEL_NODE_PARAMS node = new CUDA_KERNEL_NODE_PARAMS();
        node.func = function(launch.kernel());
        node.gridDimX = launch.columns();
        node.gridDimY = launch.rows();
        node.gridDimZ = 1;
        node.blockDimX = launch.threads();
        node.blockDimY = 1;
        node.blockDimZ = 1;
        node.kernelParams = arguments(launch);
        CUgraphNode made = new CUgraphNode();
        check(
            "takes no node of a graph",
            JCudaDriver.cuGraphAddKernelNode(made, graph, before, before.length, node));
        before = new CUgraphNode[] {made};
      }
      CUgraphExec executable = new CUgraphExec();
      check("makes no graph", JCudaDriver.cuGraphInstantiate(executable, graph, 0));
      graphs.put(nextGraph, executable);
      return nextGraph++;
    } finally {
      JCudaDriver.cuGraphDestroy(graph);
    }
  }

  @Override
  public void launchGraph(long graph) {
    enter();
    check("does not run a graph", JCudaDriver.cuGraphLaunch(graphs.get(graph), stream));
  }

  @Override
  public void destroyGraph(long graph) {
    enter();
    JCudaDriver.cuGraphExecDestroy(graphs.remove(graph));
  }

  @Override
  public void await() {
    enter();
    check("does not finish", JCudaDriver.cuStreamSynchronize(stream));
  }

  /** After a failure nothing of this can be relied on, so that nothing here throws. */
  @Override
  public void close() {
    JCudaDriver.cuCtxSetCurrent(context);
    graphs.values().forEach(JCudaDriver::cuGraphExecDestroy);
    modules.forEach(JCudaDriver::cuModuleUnload);
    JCudaDriver.cuStreamDestroy(stream);
    JCudaDriver.cuDevicePrimaryCtxRelease(handle);
  }
}
