package rwkv.engine.checkpoint;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What an index says: {@code {"metadata": {"total_size": 1}, "weight_map": {"emb.weight":
 * "model-00001-of-00002.safetensors"}}}.
 *
 * @param shards for every tensor the name of the file that holds it, in the same folder
 * @param metadata what stands beside it, as text
 */
record ShardIndex(Map<String, String> shards, Map<String, String> metadata) {

  /** Far above what any model is cut into. */
  private static final int MAX_SHARDS = 1000;

  private static final int LONGEST_FILE_NAME = 255;
  private static final String WHAT = "the index";

  static ShardIndex read(MappedFile file) {
    return Json.read(file, file.bytes(), WHAT, json -> new Reading(file, json).index());
  }

  /** One pass over the JSON. */
  private record Reading(
      MappedFile file,
      JsonParser json,
      Map<String, String> shards,
      Set<String> names,
      MetadataTable metadata) {

    Reading(MappedFile file, JsonParser json) {
      this(file, json, new LinkedHashMap<>(), new HashSet<>(), new MetadataTable(file));
    }

    ShardIndex index() {
      Json.expect(file, json.nextToken(), JsonToken.START_OBJECT, WHAT, "an object");
      boolean found = false;
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (key.equals("weight_map")) {
          if (found) {
            throw file.problem("the index has two weight_maps");
          }
          found = true;
          Json.expect(file, value, JsonToken.START_OBJECT, "weight_map", "an object");
          readShards();
        } else if (key.equals("metadata") && value == JsonToken.START_OBJECT) {
          readMetadata();
        } else {
          json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw file.problem("the index goes on after its closing brace");
      }
      if (shards.isEmpty()) {
        throw file.problem("the index has no weight_map that says which file holds which tensor");
      }
      return new ShardIndex(shards, metadata.entries());
    }

    private void readShards() {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String tensor = TensorTable.unwrapped(json.currentName());
        String owner = "the place of tensor " + Quote.name(tensor);
        Json.expect(file, json.nextToken(), JsonToken.VALUE_STRING, owner, "a file name");
        String shard = checked(owner, json.getString());
        names.add(shard);
        if (shards.put(tensor, shard) != null) {
          throw file.problem("the index names tensor " + Quote.name(tensor) + " twice");
        }
        if (shards.size() > TensorTable.MAX_TENSORS || names.size() > MAX_SHARDS) {
          throw file.problem(
              "the index names more than %s tensors or %s files; this is no model"
                  .formatted(TensorTable.MAX_TENSORS, MAX_SHARDS));
        }
      }
    }

    private void readMetadata() {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (value.isScalarValue()) {
          metadata.put(key, json.getString());
        } else {
          json.skipChildren();
        }
      }
    }

    /** Nothing but a name: it must not lead out of the index's folder. */
    private String checked(String owner, String shard) {
      boolean plain =
          !shard.isBlank()
              && shard.length() <= LONGEST_FILE_NAME
              && shard.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')
              && !shard.equals(".")
              && !shard.equals("..");
      try {
        if (plain && Path.of(shard).getNameCount() == 1) {
          return shard;
        }
      } catch (InvalidPathException e) {
        throw notPlain(owner, shard);
      }
      throw notPlain(owner, shard);
    }

    private CheckpointException notPlain(String owner, String shard) {
      return file.problem(
          "%s should be a file name in the same folder, found %s"
              .formatted(owner, Quote.name(shard)));
    }
  }
}
