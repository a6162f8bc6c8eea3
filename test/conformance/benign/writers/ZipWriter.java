import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the files of a folder as a ZIP, in a stream. */
public class ZipWriter {
  public static void main(String[] args) throws IOException {
    try (var zip = new ZipOutputStream(new FileOutputStream(args[1])); var paths = Files.walk(Path.of(args[0]))) {
      for (Path path : paths.toList()) {
        String name = path.toString();
        zip.putNextEntry(new ZipEntry(Files.isDirectory(path) ? name + "/" : name));
        if (Files.isRegularFile(path)) zip.write(Files.readAllBytes(path));
        zip.closeEntry();
      }
    }
  }
}
