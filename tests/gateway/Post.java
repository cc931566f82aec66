import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;

/**
 * Posts forms with Java's own client, a new one each. A line of stdin is a request: URL, then -F name=value,
 * -F file=@path, -H name:value, each word in Base64; a line of stdout is what it was answered, in Base64.
 */
public class Post {
    public static void main(String[] none) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            for (int at = 0; at < words.length; at++) words[at] = new String(Base64.getDecoder().decode(words[at]), UTF_8);
            System.out.println(Base64.getEncoder().encodeToString(post(words).getBytes(UTF_8)));
        }
    }

    private static String post(String[] arguments) throws Exception {
        String boundary = "----java-boundary-7d5f";
        var parts = new ArrayList<BodyPublisher>();
        var request = HttpRequest.newBuilder(URI.create(arguments[0]));
        for (int at = 1; at < arguments.length; at += 2) {
            String[] words = arguments[at + 1].split(arguments[at].equals("-H") ? ":" : "=", 2);
            if (arguments[at].equals("-H")) {
                request.header(words[0], words[1].trim());
            } else if (words[1].startsWith("@")) {
                Path file = Path.of(words[1].substring(1));
                parts.add(BodyPublishers.ofString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + words[0]
                    + "\"; filename=\"" + file.getFileName() + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
                parts.add(BodyPublishers.ofFile(file));
                parts.add(BodyPublishers.ofString("\r\n"));
            } else {
                parts.add(BodyPublishers.ofString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + words[0]
                    + "\"\r\n\r\n" + words[1] + "\r\n"));
            }
        }
        parts.add(BodyPublishers.ofString("--" + boundary + "--\r\n"));
        request.header("Content-Type", "multipart/form-data; boundary=" + boundary);
        request.POST(BodyPublishers.concat(parts.toArray(new BodyPublisher[0])));
        var client = HttpClient.newHttpClient();
        var answer = client.send(request.build(), BodyHandlers.ofString());
        var told = new StringBuilder().append(answer.statusCode()).append('\n');
        answer.headers().map().forEach(
            (name, values) -> told.append(name.toLowerCase()).append(": ").append(values.get(0)).append('\n'));
        return told.append('\n').append(answer.body()).append('\n').toString();
    }
}
