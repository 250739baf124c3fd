package rwkv.engine.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.GgufWriter;
import rwkv.engine.checkpoint.PthWriter;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.checkpoint.TensorSource;
import rwkv.engine.checkpoint.Tensors;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.naming.LlamaArchitecture;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Writes an open model in another format or type. */
public final class Converter {

  private static final long CACHE_LINE = 64;

  private final Checkpoint checkpoint;
  private final ModelSpec spec;
  private final Conversion wanted;
  private final Progress progress;

  private Converter(Checkpoint checkpoint, ModelSpec spec, Conversion wanted, Progress progress) {
    this.checkpoint = checkpoint;
    this.spec = spec;
    this.wanted = wanted;
    this.progress = progress;
  }

  /**
   * Writes the model, whole or not at all.
   *
   * @param spec what was found when the model was loaded from that checkpoint
   * @throws CheckpointException if the format has no place for the model or a tensor, the type
   *     cannot hold a number, the file to be written is the one that is read, or writing fails
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static ConversionReport convert(
      Checkpoint checkpoint, ModelSpec spec, Conversion wanted, Progress progress) {
    return new Converter(checkpoint, spec, wanted, progress).run();
  }

  /**
   * The type that matrices of the new file are in.
   *
   * @param spec of the model that is to be converted
   */
  public static DType dtype(ModelSpec spec, Conversion wanted) {
    DType dtype = wanted.dtype();
    if (dtype != null) {
      return dtype;
    }
    boolean unknown = wanted.format() != FileFormat.GGUF && spec.stored().isQuantised();
    return unknown ? DType.BF16 : spec.stored();
  }

  private ConversionReport run() {
    refuseOverwriting();
    boolean gguf = wanted.format() == FileFormat.GGUF;
    GgufVocabulary vocabulary = gguf ? vocabulary() : null;
    List<TargetTensor> tensors = gguf ? llama() : official();
    long room =
        tensors.stream().filter(t -> !t.isCopy()).mapToLong(TargetTensor::bytes).max().orElse(0);
    try (Arena arena = Arena.ofShared()) {
      List<TensorSource> sources = sources(tensors, arena.allocate(Math.max(1, room), CACHE_LINE));
      if (vocabulary == null) {
        writeOfficial(sources);
      } else {
        GgufWriter.writeSources(
            wanted.out(),
            sources,
            GgufHeader.of(architecture(), name(), spec, dtype(spec, wanted), vocabulary));
      }
    }
    return report(tensors, vocabulary);
  }

  private void writeOfficial(List<TensorSource> sources) {
    Map<String, String> beside = RosaBits.entry(checkpoint, spec);
    if (wanted.format() == FileFormat.PTH) {
      PthWriter.writeSources(wanted.out(), sources, beside);
    } else {
      SafetensorsWriter.writeSources(wanted.out(), sources, beside);
    }
  }

  private void refuseOverwriting() {
    for (Path file : checkpoint.files()) {
      try {
        if (Files.exists(wanted.out()) && Files.isSameFile(file, wanted.out())) {
          throw new CheckpointException(
              wanted.out(), "is the file that is read; choose another name for the new one");
        }
      } catch (IOException e) {
        throw new CheckpointException(wanted.out(), "cannot be written: " + e, e);
      }
    }
  }

  private List<TargetTensor> official() {
    DType dtype = wanted.dtype();
    if (dtype != null && dtype.isQuantised()) {
      throw new CheckpointException(
          wanted.out(),
          wanted.format().extension().substring(1)
              + " has no type "
              + dtype
              + "; write a .gguf file instead");
    }
    return OfficialLayout.tensors(OfficialTensors.of(checkpoint), dtype);
  }

  private List<TargetTensor> llama() {
    return GgufLayout.tensors(
        OfficialTensors.of(checkpoint), architecture(), spec, dtype(spec, wanted));
  }

  private LlamaArchitecture architecture() {
    if (spec.version() == Version.V6) {
      return LlamaArchitecture.RWKV6;
    }
    if (spec.version() == Version.V7) {
      return LlamaArchitecture.RWKV7;
    }
    throw new CheckpointException(
        checkpoint.path(),
        "is an %s, which GGUF has no architecture for; write .safetensors instead"
            .formatted(spec.version().title()));
  }

  private GgufVocabulary vocabulary() {
    GgufVocabulary given = wanted.vocabulary();
    boolean own = "rwkv".equals(checkpoint.metadata().get("tokenizer.ggml.model"));
    if (given == null && own && !checkpoint.vocabulary().isEmpty()) {
      given = new GgufVocabulary(checkpoint.vocabulary());
    }
    if (given == null) {
      return GgufVocabulary.placeholders(spec.vocabulary());
    }
    if (given.tokens().size() > spec.vocabulary()) {
      throw new CheckpointException(
          checkpoint.path(),
          "has %d tokens, but the vocabulary has %d"
              .formatted(spec.vocabulary(), given.tokens().size()));
    }
    return given.padded(spec.vocabulary());
  }

  private String name() {
    Path file = checkpoint.path().toAbsolutePath().normalize().getFileName();
    return String.valueOf(file).replaceFirst("\\.(pth|safetensors|st|gguf|bin)$", "");
  }

  private List<TensorSource> sources(List<TargetTensor> tensors, MemorySegment room) {
    Encoder encoder = new Encoder(checkpoint);
    long all = Math.max(1, tensors.stream().mapToLong(TargetTensor::bytes).sum());
    long[] done = new long[1];
    List<TensorSource> sources = new ArrayList<>();
    for (TargetTensor tensor : tensors) {
      sources.add(
          new TensorSource(
              tensor.name(),
              tensor.dtype(),
              tensor.shape(),
              () -> {
                MemorySegment data = data(encoder, tensor, room, done[0], all);
                done[0] += tensor.bytes();
                progress.at((double) done[0] / all);
                return data;
              }));
    }
    return sources;
  }

  private MemorySegment data(
      Encoder encoder, TargetTensor tensor, MemorySegment room, long before, long all) {
    if (tensor.isCopy()) {
      Tensor stored = tensor.numbers().stored().orElseThrow();
      Tensors.requireFinite(checkpoint, stored);
      return stored.data();
    }
    MemorySegment data = room.asSlice(0, tensor.bytes());
    encoder.encode(tensor, data, part -> progress.at((before + part * tensor.bytes()) / all));
    return data;
  }

  private ConversionReport report(List<TargetTensor> tensors, @Nullable GgufVocabulary vocabulary) {
    Map<DType, Integer> counts = new EnumMap<>(DType.class);
    tensors.forEach(tensor -> counts.merge(tensor.dtype(), 1, Integer::sum));
    try {
      long before = 0;
      for (Path file : checkpoint.files()) {
        before += Files.size(file);
      }
      boolean placeholders =
          vocabulary != null
              && vocabulary.equals(GgufVocabulary.placeholders(vocabulary.tokens().size()));
      return new ConversionReport(before, Files.size(wanted.out()), counts, placeholders);
    } catch (IOException e) {
      throw new CheckpointException(wanted.out(), "cannot be read again: " + e, e);
    }
  }
}
